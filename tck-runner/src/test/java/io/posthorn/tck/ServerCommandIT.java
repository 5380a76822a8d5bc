package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
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
    void aDirectoryThatMustNotBeWrittenIsNamed() throws IOException {
        Path data = Files.createDirectory(dir.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        Assumptions.assumeFalse(Files.isWritable(data), "this user may write everywhere");
        assertFailure(run("--data-dir", data.toString()), 1, "directory " + data);
    }

    /** What no user can write, root neither: a file where a directory has to be, and the other way round. */
    @Test
    void whatCannotBeWrittenInTheDirectoryIsNamed() throws IOException {
        Path lockTaken = dir.resolve("lock");
        Files.createDirectories(lockTaken.resolve("posthorn.lock"));
        assertFailure(run("--data-dir", lockTaken.toString()), 1, "directory " + lockTaken);
        Path journalTaken = Files.createDirectory(dir.resolve("journal"));
        Path file = Files.writeString(journalTaken.resolve("journal"), "not a directory");
        assertFailure(run("--data-dir", journalTaken.toString()), 1, file.toString());
    }

    @Test
    void dataOfANewerReleaseIsRefusedAndKept() throws IOException {
        Path data = dir.resolve("data");
        try (ServerProcess server = ServerProcess.standalone(data)) {
            assertEquals(0, server.stop());
            Path segment = newestSegment(data);
            byte[] ours = Files.readAllBytes(segment);
            byte[] newer = ours.clone();
            setVersion(newer, 2);
            Files.write(segment, newer);
            assertFailure(run("--data-dir", data.toString()), 1, segment + ": journal format 2, this release reads 1");
            assertArrayEquals(newer, Files.readAllBytes(segment));
            Files.write(segment, ours);
            server.start();
            assertEquals(0, server.stop());
        }
    }

    private static Path newestSegment(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** See STORE.md: the version is at 4, the checksum of bytes 0 to 59 at 60. */
    private static void setVersion(byte[] segment, int version) {
        ByteBuffer header = ByteBuffer.wrap(segment);
        assertEquals(1, header.getInt(4));
        CRC32C crc = new CRC32C();
        crc.update(segment, 0, 60);
        assertEquals((int) crc.getValue(), header.getInt(60));
        header.putInt(4, version);
        crc.reset();
        crc.update(segment, 0, 60);
        header.putInt(60, (int) crc.getValue());
    }

    @Test
    void segmentsTooSmallForAMessageAreRefused() {
        assertFailure(
                run("--data-dir", dir.resolve("a").toString(), "--journal-segment-bytes", "4194304"),
                2,
                "--journal-segment-bytes must be at least --max-message-bytes, at most 4194304, plus 1048576, which is 5242880, but is 4194304");
        assertFalse(Files.exists(dir.resolve("a")));
        String[] justEnough = {"--journal-segment-bytes", "1049600", "--max-message-bytes", "1024"};
        try (ServerProcess server = ServerProcess.standalone(dir.resolve("b"), justEnough)) {
            assertEquals(0, server.stop());
        }
    }

    @Test
    void anAddressThatClientsCannotBeToldIsRefused() {
        ServerProcess.Finished broker = ServerProcess.run(
                "broker",
                "--bind",
                "0.0.0.0",
                "--broker-port",
                "0",
                "--data-dir",
                dir.resolve("data").toString());
        assertFailure(broker, 2, "clients cannot be told 0.0.0.0: set --advertised-host");
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertFailure(run("--no-such-option"), 2, "--no-such-option");
    }

    @Test
    void aBadValueIsNamed() {
        assertFailure(run("--broker-port", "seventy"), 2, "--broker-port must be a number");
        assertFailure(run("--flush-disk-type", "SOMETIMES"), 2, "SYNC_FLUSH");
        assertFailure(run("--broker-role", "LEADER"), 2, "ASYNC_MASTER");
        assertFailure(run("--broker-role", "SLAVE"), 2, "--broker-role SLAVE needs --broker-id above 0");
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
