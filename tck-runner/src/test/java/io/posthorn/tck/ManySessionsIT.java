package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.testing.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A thousand sessions, consumers and temporary queues in one small JVM. */
class ManySessionsIT extends ServerTest {

    @Test
    void aThousandSessionsWorkAndGiveEverythingBack() {
        List<String> arguments = List.of(
                "-Xmx64m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                ChildJvm.ownClassPath(),
                ManySessions.class.getName(),
                server.url(),
                "1000");
        try (ChildJvm child = ChildJvm.start(arguments)) {
            String round = "1000 answered, 1000 deleted";
            assertEquals(List.of(round, "nothing left", round, "nothing left", "heap given back"), child.end());
        }
    }
}
