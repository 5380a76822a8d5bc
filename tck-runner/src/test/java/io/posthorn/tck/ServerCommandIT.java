package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server jar as an operator meets it: start, stop, and clear words when something is in the way. */
class ServerCommandIT {

    @TempDir
    Path dir;

    @Test
    void sigtermStopsItWithExitCodeZero() {
        try (ServerProcess server = ServerProcess.standalone(dir.resolve("data"))) {
            assertEquals(0, server.stop());
        }
    }

    @Test
    void itStartsAgainOnItsData() {
        try (ServerProcess server = ServerProcess.standalone(dir.resolve("data"))) {
            server.kill();
            server.start();
            assertEquals(0, server.stop());
        }
    }

    @Test
    void aDirectoryInUseIsRefused() {
        try (ServerProcess server = ServerProcess.standalone(dir.resolve("data"))) {
            ServerProcess.Finished second =
                    run("--data-dir", dir.resolve("data").toString());
            assertFailure(second, 1, "in use by another process");
            assertEquals(0, server.stop());
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertFailure(run("--data-dir", dir.resolve("a").toString(), "--broker-port", port), 1, port);
            ServerProcess.Finished nameServer = ServerProcess.run("nameserver", "--nameserver-port", port);
            assertFailure(nameServer, 1, "port " + port);
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "not a directory");
        assertFailure(run("--data-dir", file.resolve("data").toString()), 1, file.toString());
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertFailure(run("--no-such-option"), 2, "--no-such-option");
    }

    @Test
    void aBadValueIsNamed() {
        assertFailure(run("--broker-port", "seventy"), 2, "--broker-port must be a number");
        assertFailure(run("--flush-disk-type", "SOMETIMES"), 2, "SYNC_FLUSH");
        assertFailure(run("--broker-role", "SLAVE"), 2, "ASYNC_MASTER");
    }

    @Test
    void anUnknownKeyInTheFileIsNamed() throws IOException {
        Path config = Files.writeString(dir.resolve("broker.conf"), "brokerNaem=a\n");
        assertFailure(run("--config", config.toString()), 2, "unknown setting brokerNaem");
    }

    @Test
    void withoutACommandItShowsItsUsage() {
        assertFailure(ServerProcess.run(), 2, "standalone");
    }

    private static ServerProcess.Finished run(String... options) {
        String[] arguments = new String[options.length + 5];
        arguments[0] = "standalone";
        arguments[1] = "--nameserver-port";
        arguments[2] = "0";
        System.arraycopy(options, 0, arguments, 3, options.length);
        boolean portGiven = java.util.List.of(options).contains("--broker-port");
        arguments[options.length + 3] = portGiven ? "--bind" : "--broker-port";
        arguments[options.length + 4] = portGiven ? "127.0.0.1" : "0";
        return ServerProcess.run(arguments);
    }

    private static void assertFailure(ServerProcess.Finished finished, int exitCode, String text) {
        assertEquals(exitCode, finished.exitCode(), finished.output());
        assertTrue(finished.output().contains(text), finished.output());
        assertFalse(finished.output().contains("\tat "), () -> "a stack trace: " + finished.output());
    }
}
