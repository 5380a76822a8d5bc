package io.posthorn.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.testing.ChildJvm;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both jars as the module io.posthorn.jms: for a program that is a module itself, and for one on the class path. */
class ModulePathIT extends RealServerTest {

    private static final String PROGRAM = RoundTrip.class.getName();

    @TempDir
    Path dir;

    @Test
    void aModuleRequiresThePlainClient() throws Exception {
        expectRoundTrip("Netty 4.2", modular(ClientFiles.plainClient()));
    }

    @Test
    void aModuleRequiresTheSelfContainedClient() throws Exception {
        expectRoundTrip("relocated Netty", modular(ClientFiles.selfContained()));
    }

    @Test
    void aClassPathProgramAddsTheModule() throws Exception {
        expectRoundTrip(
                "Netty 4.2",
                List.of(
                        "-p",
                        ClientFiles.path(ClientFiles.plainClient().stream()),
                        "--add-modules",
                        "io.posthorn.jms",
                        "-cp",
                        ClientFiles.programs().toString(),
                        PROGRAM));
    }

    /** Compiles the program as a module that requires the client and nothing else; returns how to run it. */
    private List<String> modular(List<Path> jars) throws Exception {
        Path descriptor = Files.writeString(
                dir.resolve("module-info.java"), "module posthorn.program { requires io.posthorn.jms; }");
        Path classes = dir.resolve("classes");
        StringWriter messages = new StringWriter();
        PrintWriter log = new PrintWriter(messages);
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        log,
                        log,
                        "--release",
                        "17",
                        "-d",
                        classes.toString(),
                        "-p",
                        ClientFiles.path(jars.stream()),
                        descriptor.toString(),
                        ClientFiles.source(RoundTrip.class).toString());
        assertEquals(0, result, messages::toString);
        String modulePath = ClientFiles.path(Stream.concat(Stream.of(classes), jars.stream()));
        return List.of("-p", modulePath, "-m", "posthorn.program/" + PROGRAM);
    }

    private static void expectRoundTrip(String netty, List<String> program) {
        List<String> arguments =
                Stream.concat(program.stream(), Stream.of(server.url())).toList();
        try (ChildJvm child = ChildJvm.start(arguments)) {
            assertEquals(netty, child.line());
            assertEquals("worked", child.line());
            child.say("end");
            assertEquals(List.of(), child.end());
        }
    }
}
