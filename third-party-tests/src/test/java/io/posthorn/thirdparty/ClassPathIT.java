package io.posthorn.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.testing.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client on class paths with either Netty, or with none but its own; also over the loss of the server. */
class ClassPathIT extends RealServerTest {

    @Test
    void worksWithNetty42() throws Exception {
        expectRoundTrips("Netty 4.2", ClientFiles.plainClient());
    }

    @Test
    void worksWithNetty41() throws Exception {
        expectRoundTrips("Netty 4.1", ClientFiles.plainClientWithNetty41());
    }

    @Test
    void theSelfContainedJarNeedsNoNetty() throws Exception {
        expectRoundTrips("relocated Netty", ClientFiles.selfContained());
    }

    private static void expectRoundTrips(String netty, List<Path> jars) {
        String classPath = ClientFiles.path(Stream.concat(Stream.of(ClientFiles.programs()), jars.stream()));
        List<String> arguments = List.of("-Xmx128m", "-cp", classPath, RoundTrip.class.getName(), server.url());
        try (ChildJvm child = ChildJvm.start(arguments)) {
            assertEquals(netty, child.line());
            assertEquals("worked", child.line());
            server.kill();
            server.start();
            child.say("again");
            assertEquals("worked", child.line());
            child.say("end");
            assertEquals(List.of(), child.end());
        }
    }
}
