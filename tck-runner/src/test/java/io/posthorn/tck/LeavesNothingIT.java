package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.testing.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * After close the client has no thread, no socket and no direct buffer left in its JVM. Netty's pools are off: what is free in them
 * belongs to the JVM, and would hide what is not.
 */
class LeavesNothingIT extends ServerTest {

    @Test
    void nothingIsLeftAfterClose() {
        assertEquals(List.of("nothing left"), run());
    }

    private static List<String> run() {
        List<String> arguments = List.of(
                "-Xmx128m",
                "-Dio.netty.allocator.type=unpooled",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                ChildJvm.ownClassPath(),
                Leftovers.class.getName(),
                server.url());
        try (ChildJvm child = ChildJvm.start(arguments)) {
            return child.end();
        }
    }
}
