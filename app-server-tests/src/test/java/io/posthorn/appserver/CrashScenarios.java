package io.posthorn.appserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.testing.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The scenarios for application servers that keep their configuration and their transaction log, and so recover by themselves. */
abstract class CrashScenarios extends Scenarios {

    @Test
    @Order(10)
    void aCrashBetweenPrepareAndCommitIsRecovered() throws Exception {
        // What took part first is committed first, in every one of these servers; the branch of ours is to be prepared,
        // and no more.
        ledger.crashAtCommitOf("crash one");
        assertThrows(
                IOException.class,
                () -> application.request(
                        "ejb", Map.of("queue", "it.crash", "text", "one", "line", "crash one", "ledgerFirst", "true")));
        server.awaitHalted();
        assertEquals(1, ledger.prepared("crash one"));
        assertNull(outside.nextNow("it.crash"), "the message is prepared");
        server.start();
        Await.within(240, "the ledger is recovered", () -> ledger.prepared("crash one") == 0);
        assertEquals("one", outside.next("it.crash"));
        assertEquals(List.of("crash one"), lines("crash one"));
    }

    @Test
    @Order(11)
    void aCrashOfAMessageDrivenBeanBetweenPrepareAndCommitIsRecovered() throws Exception {
        ledger.crashAtCommitOf("answered crash in a bean");
        outside.send(QUESTIONS, "crash in a bean");
        server.awaitHalted();
        assertEquals(1, ledger.prepared("answered crash in a bean"));
        server.start();
        Await.within(240, "the ledger is recovered", () -> ledger.prepared("answered crash in a bean") == 0);
        assertEquals("crash in a bean", nextAnswer());
        // Were the question asked once more, it would come before one that is asked now.
        outside.send(QUESTIONS, "after the crash");
        assertEquals("after the crash", nextAnswer());
        assertNull(outside.nextNow(ANSWERS));
        assertEquals(List.of("answered crash in a bean"), lines("crash in a bean"));
    }

    /** But for those to questions of the load that our server was killed under: a transaction may have been in doubt until now. */
    private static String nextAnswer() {
        String text = outside.next(ANSWERS);
        while (text != null && text.startsWith("load")) {
            text = outside.next(ANSWERS);
        }
        return text;
    }
}
