package io.posthorn.server.store.lmdb;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.LmdbException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals values when they are written and checks them when they are read, for LMDB does not checksum its pages.
 *
 * <pre>
 * 0  i32  CRC32C of the rest
 * 4  ...  content
 * </pre>
 *
 * <p>Any thread. A value that fails its check is logged and counted, and is null to the reader.
 */
final class Values {

    static final int SEAL_BYTES = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Values.class);

    private final AtomicLong damaged = new AtomicLong();

    /** How many reads have met a damaged value since the start. */
    long damaged() {
        return damaged.get();
    }

    /** Writes a row whose content consists of one or two parts, straight into LMDB's page. */
    static void put(Cursor<ByteBuffer> cursor, ByteBuffer key, Part first, Part second) {
        CRC32C crc = new CRC32C();
        crc.update(first.array(), first.from(), first.length());
        int size = SEAL_BYTES + first.length();
        if (second != null) {
            crc.update(second.array(), second.from(), second.length());
            size += second.length();
        }
        ByteBuffer page = cursor.reserve(key, size);
        page.putInt((int) crc.getValue()).put(first.array(), first.from(), first.length());
        if (second != null) {
            page.put(second.array(), second.from(), second.length());
        }
    }

    /** A sealed value for {@link Dbi#put}. */
    static ByteBuffer sealed(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return ByteBuffer.allocateDirect(SEAL_BYTES + content.length)
                .putInt((int) crc.getValue())
                .put(content)
                .flip();
    }

    /** A range of bytes of a value. */
    record Part(byte[] array, int from, int length) {

        /** Of a row that says everything with its key. */
        static final Part NOTHING = of(new byte[0]);

        static Part of(byte[] array) {
            return new Part(array, 0, array.length);
        }
    }

    /**
     * Takes a value out of LMDB.
     *
     * @param value as LMDB gave it, valid only in its transaction
     * @param what  names the row, for the log
     * @return the content, or null when it is damaged
     */
    byte[] open(ByteBuffer value, Object what) {
        if (value.remaining() >= SEAL_BYTES) {
            int expected = value.getInt(value.position());
            byte[] content = new byte[value.remaining() - SEAL_BYTES];
            value.get(value.position() + SEAL_BYTES, content);
            CRC32C crc = new CRC32C();
            crc.update(content, 0, content.length);
            if ((int) crc.getValue() == expected) {
                return content;
            }
        }
        damaged.incrementAndGet();
        LOG.error("The stored value of {} is damaged (CRC32C differs)", what);
        return null;
    }

    /** The text of a failure of LMDB, without the wording of its wrapper. */
    static String text(LmdbException failed) {
        return failed.getClass().getSimpleName() + ": " + failed.getMessage();
    }
}
