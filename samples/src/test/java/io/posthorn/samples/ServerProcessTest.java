package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a server process, with {@link StandInServer} as the server. */
class ServerProcessTest {
    private static final ServerPorts PORTS = new ServerPorts(20_001, 20_002);

    @TempDir
    Path directory;

    /** A jar that runs {@link StandInServer}; its name decides how that behaves. */
    private Path jar(String name) throws IOException {
        Path jar = directory.resolve(name);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandInServer.class.getName());
        String entry = StandInServer.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream code = StandInServer.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            code.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }

    @Test
    void startsStopsAndStartsAgainOnTheSamePortsAndData() throws Exception {
        try (ServerProcess server = new ServerProcess(jar("good.jar"), directory, PORTS)) {
            server.start();
            server.stop();
            server.start();
            server.kill();
            server.start();
            server.stop();
        }
        String start = "arguments [standalone, --data-dir, " + directory.resolve("data")
                + ", --nameserver-port, 20001, --broker-port, 20002]";
        assertEquals(
                3,
                Files.readAllLines(directory.resolve("server.log")).stream()
                        .filter(start::equals)
                        .count());
    }

    @Test
    void aServerThatEndsBeforeItIsReadyIsReportedWithItsLastWords() throws Exception {
        try (ServerProcess server = new ServerProcess(jar("exits.jar"), directory, PORTS)) {
            ServerFailedException failure = assertThrows(ServerFailedException.class, server::start);
            assertTrue(
                    failure.getMessage().startsWith("The server has ended with exit code 3 before it was ready"),
                    failure.getMessage());
            assertTrue(failure.getMessage().contains("port 10911 is taken"), failure.getMessage());
        }
    }

    @Test
    void anExitCodeOtherThan0AfterSigtermIsAFailure() throws Exception {
        try (ServerProcess server = new ServerProcess(jar("rude.jar"), directory, PORTS)) {
            server.start();
            ServerFailedException failure = assertThrows(ServerFailedException.class, server::stop);
            assertTrue(failure.getMessage().contains("exit code after SIGTERM is 7"), failure.getMessage());
        }
    }

    @Test
    void theTwoPortsDiffer() throws Exception {
        ServerPorts ports = ServerPorts.findFree();
        assertNotEquals(ports.nameServer(), ports.broker());
    }
}
