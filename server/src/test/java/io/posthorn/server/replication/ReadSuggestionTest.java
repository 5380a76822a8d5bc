package io.posthorn.server.replication;

import static io.posthorn.server.replication.ReadSuggestion.BEHIND_MIN_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.replication.ReadSuggestion.Read;
import io.posthorn.server.replication.ReadSuggestion.Slave;
import org.junit.jupiter.api.Test;

class ReadSuggestionTest {

    private static final long AT = 1L << 40;
    private static final Read OLD = new Read(AT, AT + BEHIND_MIN_BYTES + 1, false);
    private static final Slave THERE = new Slave(true, true, AT + 1);

    @Test
    void everythingHasToSpeakForTheSlave() {
        for (int bits = 0; bits < 32; bits++) {
            boolean far = (bits & 1) != 0;
            boolean cold = (bits & 2) != 0;
            boolean connected = (bits & 4) != 0;
            boolean allowed = (bits & 8) != 0;
            boolean confirmed = (bits & 16) != 0;
            Read read = new Read(AT, AT + BEHIND_MIN_BYTES + (far ? 1 : 0), !cold);
            Slave slave = new Slave(connected, allowed, AT + (confirmed ? 1 : 0));
            assertEquals(bits == 31, ReadSuggestion.isForSlave(read, slave), read + " " + slave);
        }
    }

    @Test
    void aSlaveThatIsNotThereIsNotRead() {
        assertFalse(ReadSuggestion.isForSlave(OLD, Slave.NONE));
        assertTrue(ReadSuggestion.isForSlave(OLD, THERE));
    }

    @Test
    void whatLiesBeforeTheLastStartIsFarBehind() {
        long nextReign = 2L << 40;
        assertTrue(ReadSuggestion.isForSlave(new Read(AT, nextReign, false), THERE));
    }
}
