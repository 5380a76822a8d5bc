package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Random;
import java.util.zip.CRC32C;

/** A large body that is made and checked piece by piece: random bytes of a seed, each MiB of which begins with a mark. */
record BigBody(int seed, long bytes) {

    private static final int MARK_BYTES = 16;
    private static final int MARK_EVERY = 1 << 20;

    /** What the MiB with this number, from 0 on, begins with. */
    String mark(int number) {
        return String.format("<%06d@%07d>", seed % 1_000_000, number);
    }

    /** Writes it in pieces of odd sizes. */
    void writeTo(BytesMessage message) throws JMSException {
        Pieces pieces = new Pieces(this);
        byte[] piece = new byte[61_777];
        for (long left = bytes; left > 0; ) {
            int count = (int) Math.min(left, piece.length);
            pieces.next(piece, count);
            message.writeBytes(piece, 0, count);
            left -= count;
        }
    }

    byte[] toArray() {
        byte[] all = new byte[(int) bytes];
        new Pieces(this).next(all, all.length);
        return all;
    }

    long crc() {
        Pieces pieces = new Pieces(this);
        CRC32C crc = new CRC32C();
        byte[] piece = new byte[1 << 16];
        for (long left = bytes; left > 0; left -= Math.min(left, piece.length)) {
            int count = (int) Math.min(left, piece.length);
            pieces.next(piece, count);
            crc.update(piece, 0, count);
        }
        return crc.getValue();
    }

    /** Reads a received message to its end; it must have this body. */
    void assertIn(Message received) throws JMSException {
        assertNotNull(received, "no message came");
        BytesMessage message = (BytesMessage) received;
        assertEquals(bytes, message.getBodyLength());
        assertEquals(crc(), crcOf(message));
    }

    static long crcOf(BytesMessage message) throws JMSException {
        CRC32C crc = new CRC32C();
        byte[] piece = new byte[50_001];
        for (int count = message.readBytes(piece); count > 0; count = message.readBytes(piece)) {
            crc.update(piece, 0, count);
        }
        return crc.getValue();
    }

    private static final class Pieces {

        private final BigBody of;
        private final Random random;
        private long at;

        Pieces(BigBody of) {
            this.of = of;
            this.random = new Random(of.seed);
        }

        void next(byte[] into, int count) {
            for (int i = 0; i < count; i++, at++) {
                int inMark = (int) (at % MARK_EVERY);
                into[i] = inMark < MARK_BYTES
                        ? (byte) of.mark((int) (at / MARK_EVERY)).charAt(inMark)
                        : (byte) random.nextInt();
            }
        }
    }
}
