package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first program, from the jar and in a process of its own, against a server in another one. */
class HelloPosthornIT {
    @TempDir
    Path directory;

    @Test
    void itPrintsWhatItReceived() throws Exception {
        try (StandaloneServer server =
                new StandaloneServer(Path.of(System.getProperty("posthorn.server.jar")), directory)) {
            server.start(new Progress(System.out, false, 1));
            assertEquals("Hello from Posthorn", hello(server.url()));
            server.stop();
        }
    }

    /** JNDI takes the first value it finds on the class path, so this file before the jar's own moves the server's port. */
    private String hello(String url) throws Exception {
        Path names = Files.createDirectory(directory.resolve("names"));
        Files.writeString(names.resolve("jndi.properties"), "connectionFactory.posthorn=" + url + "\n");
        Path output = directory.resolve("hello.out");
        Path errors = directory.resolve("hello.log");
        Process hello = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        names + File.pathSeparator + System.getProperty("posthorn.samples.jar"),
                        HelloPosthorn.class.getName())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(hello.waitFor(60, TimeUnit.SECONDS), "still running after 60 s");
        } finally {
            hello.destroyForcibly();
        }
        assertEquals(0, hello.exitValue(), Files.readString(errors));
        return Files.readString(output).strip();
    }
}
