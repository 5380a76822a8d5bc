package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a server process, with {@link StandInServer} as the server. */
class ServerProcessTest {
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

    private ServerProcess server(String jar) throws IOException {
        return new ServerProcess(jar(jar), directory.resolve("server.log"), List.of("standalone", "--port", "20001"));
    }

    @Test
    void startsStopsAndStartsAgainOnTheSamePortsAndData() throws Exception {
        try (ServerProcess server = server("good.jar")) {
            server.start();
            server.stop();
            server.start();
            server.kill();
            server.start();
            server.stop();
        }
        String start = "arguments [standalone, --port, 20001]";
        assertEquals(
                3,
                Files.readAllLines(directory.resolve("server.log")).stream()
                        .filter(start::equals)
                        .count());
    }

    @Test
    void aServerThatEndsBeforeItIsReadyIsReportedWithItsLastWords() throws Exception {
        try (ServerProcess server = server("exits.jar")) {
            ServerFailedException failure = assertThrows(ServerFailedException.class, server::start);
            assertTrue(
                    failure.getMessage().startsWith("The server has ended with exit code 3 before it was ready"),
                    failure.getMessage());
            assertTrue(failure.getMessage().contains("port 10911 is taken"), failure.getMessage());
        }
    }

    @Test
    void anExitCodeOtherThan0AfterSigtermIsAFailure() throws Exception {
        try (ServerProcess server = server("rude.jar")) {
            server.start();
            ServerFailedException failure = assertThrows(ServerFailedException.class, server::stop);
            assertTrue(failure.getMessage().contains("exit code after SIGTERM is 7"), failure.getMessage());
        }
    }

    @Test
    void aCommandThatFailsIsReportedWithItsWords() throws Exception {
        Path jar = jar("exits.jar");
        ServerFailedException failure =
                assertThrows(ServerFailedException.class, () -> ServerProcess.run(jar, List.of("promote", "--now")));
        assertTrue(failure.getMessage().startsWith("The command has failed: promote --now"), failure.getMessage());
        assertTrue(failure.getMessage().contains("port 10911 is taken"), failure.getMessage());
    }

    @Test
    void thePortsDiffer() throws Exception {
        assertEquals(4, new HashSet<>(FreePorts.find(4)).size());
    }
}
