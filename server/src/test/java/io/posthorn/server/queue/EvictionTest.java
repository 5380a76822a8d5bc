package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import org.junit.jupiter.api.Test;

/** Memory stays bounded while one subscriber reads what another, who does not come, still waits for. */
class EvictionTest {

    private static final DestinationName T = DestinationName.topic("history");
    private static final int HOT_BYTES = 50_000;
    private static final int MESSAGES = 2_000;

    /** What four reads of 128 messages of this size bring. */
    private static final int READ_AHEAD_BYTES = 4 * 128 * 1_300;

    @Test
    void whatAllReadersHavePassedIsForgotten() {
        HeartFixture broker = new HeartFixture(HeartConfig.defaults("b").withMemory(HOT_BYTES, 1 << 20, 100));
        broker.client("absent", 0).durable(T, "s").close(0, false);
        HeartFixture.Client client = broker.client("reading", 0);
        HeartFixture.Reader reader = client.durable(T, "s");
        String text = "x".repeat(1_000);
        for (int i = 0; i < MESSAGES; i++) {
            client.send(T, text);
        }
        for (int read = 0; read < MESSAGES; ) {
            reader.credit(read + 100);
            broker.answerReads();
            int got = reader.got().size();
            assertTrue(got > read, "stuck at " + read);
            reader.ack(read + 1, got);
            read = got;
            long hot = broker.heart.state().hot.bytes();
            assertTrue(hot <= HOT_BYTES + READ_AHEAD_BYTES, hot + " bytes after " + read);
        }
        assertEquals(
                MESSAGES,
                broker.ok(broker.heart.destinationVerbs().show(T)).get(0).messages());
    }
}
