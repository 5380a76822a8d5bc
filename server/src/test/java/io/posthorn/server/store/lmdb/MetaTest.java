package io.posthorn.server.store.lmdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.StoreException;
import org.junit.jupiter.api.Test;

class MetaTest {

    @Test
    void comesBackAsItWas() {
        Meta meta = new Meta(3L << 40, 3);
        assertEquals(meta, Meta.decode(meta.encode()));
    }

    @Test
    void aNewerTableFormatIsRefused() {
        byte[] newer = Meta.NONE.encode();
        newer[3] = 2;
        StoreException refused = assertThrows(StoreException.class, () -> Meta.decode(newer));
        assertTrue(refused.getMessage().contains("table format 2"), refused.getMessage());
    }
}
