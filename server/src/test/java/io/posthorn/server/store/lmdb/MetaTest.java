package io.posthorn.server.store.lmdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.StoreException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MetaTest {

    @Test
    void comesBackAsItWas() {
        for (int level = FormatLevel.FIRST; level <= FormatLevel.NEWEST; level++) {
            Meta meta = new Meta(level, 3L << 40, 3);
            assertEquals(meta, Meta.decode(meta.encode()));
        }
    }

    @Test
    void theVersionIsTheFormatLevel() {
        assertEquals(
                "00000001" + "0000030000000000" + "0000000000000003",
                HexFormat.of().formatHex(new Meta(1, 3L << 40, 3).encode()));
        assertEquals(
                "00000002" + "0000030000000000" + "0000000000000003",
                HexFormat.of().formatHex(new Meta(2, 3L << 40, 3).encode()));
    }

    @Test
    void theHighestLevelBelowThePositionCounts() {
        Meta meta = Meta.NONE.with(1, 4).with(2, 4).with(1, 3).at(99);
        assertEquals(new Meta(2, 99, 4), meta);
    }

    @Test
    void aNewerTableFormatIsRefused() {
        byte[] newer = Meta.NONE.encode();
        newer[3] = 3;
        StoreException refused = assertThrows(StoreException.class, () -> Meta.decode(newer));
        assertTrue(refused.getMessage().contains("table format 3"), refused.getMessage());
    }
}
