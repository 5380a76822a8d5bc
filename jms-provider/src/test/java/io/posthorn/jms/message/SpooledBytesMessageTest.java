package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.EncodedMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageNotReadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bytes message whose body lies in a file behaves like any other. */
class SpooledBytesMessageTest {

    private static final long SEED = 5;

    @TempDir
    Path directory;

    private PosthornBytesMessage message(int thresholdBytes) {
        return new PosthornBytesMessage(new Spool(directory, thresholdBytes));
    }

    @Test
    void randomWritesAreReadBackAroundEveryThreshold() throws JMSException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int threshold : new int[] {1, 100, 5_000, 1 << 20}) {
            SplittableRandom writes = random.split();
            SplittableRandom reads = new SplittableRandom(threshold);
            PosthornBytesMessage message = message(threshold);
            PosthornBytesMessage plain = new PosthornBytesMessage();
            for (int i = 0; i < 400; i++) {
                int kind = writes.nextInt(5);
                byte[] bytes = new byte[writes.nextInt(kind == 0 ? 150_000 : 50)];
                writes.nextBytes(bytes);
                for (PosthornBytesMessage each : new PosthornBytesMessage[] {message, plain}) {
                    switch (kind) {
                        case 0, 1 -> each.writeBytes(bytes);
                        case 2 -> each.writeLong(bytes.length);
                        case 3 -> each.writeByte((byte) i);
                        default -> each.writeUTF("ü".repeat(bytes.length));
                    }
                }
            }
            message.reset();
            plain.reset();
            assertEquals(plain.getBodyLength(), message.getBodyLength());
            byte[] expected = plain.getBody(byte[].class);
            assertArrayEquals(expected, message.getBody(byte[].class), "seed " + SEED + " threshold " + threshold);
            message.reset();
            readInPieces(message, expected, reads);
        }
    }

    private static void readInPieces(PosthornBytesMessage message, byte[] expected, SplittableRandom random)
            throws JMSException {
        int at = 0;
        while (at < expected.length) {
            if (random.nextInt(3) == 0) {
                assertEquals(expected[at++], message.readByte());
                continue;
            }
            byte[] piece = new byte[random.nextInt(300_000)];
            int count = message.readBytes(piece);
            assertEquals(Math.min(piece.length, expected.length - at), count);
            for (int i = 0; i < count; i++) {
                assertEquals(expected[at + i], piece[i], "byte " + (at + i));
            }
            at += count;
        }
        assertEquals(-1, message.readBytes(new byte[1]));
        assertThrows(MessageEOFException.class, message::readByte);
        assertThrows(MessageEOFException.class, message::readUTF);
    }

    @Test
    void sendingLeavesTheBodyInItsFileAndWritingGoesOn() throws JMSException {
        PosthornBytesMessage message = message(10);
        message.writeLong(1);
        EncodedMessage small = Sent.send(message);
        assertEquals(8, small.bodyLength());
        assertNull(message.spooledBody());
        message.writeLong(2);
        message.writeLong(3);
        EncodedMessage head = Sent.send(message);
        assertEquals(0, head.bodyLength());
        assertEquals(24, message.spooledBody().length());
        byte[] all = new byte[24];
        message.spooledBody().read(0, all);
        assertEquals(3, all[23]);
        assertThrows(MessageNotReadableException.class, message::readLong);
        message.writeByte((byte) 4);
        Sent.send(message);
        assertEquals(25, message.spooledBody().length());
        message.reset();
        message.readLong();
        message.readLong();
        assertEquals(3, message.readLong());
        assertEquals(4, message.readByte());
    }

    @Test
    void filesHaveNoNamesAndGoWithTheBody() throws JMSException, IOException {
        PosthornBytesMessage message = message(10);
        message.writeBytes(new byte[1000]);
        assertNotNull(message.spooledBody());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
        message.clearBody();
        assertNull(message.spooledBody());
        message.writeInt(1);
        message.reset();
        assertEquals(4, message.getBodyLength());
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        PosthornBytesMessage message = new PosthornBytesMessage(new Spool(directory.resolve("none"), 10));
        JMSException failed = assertThrows(JMSException.class, () -> message.writeBytes(new byte[11]));
        assertTrue(failed.getMessage().contains(directory.resolve("none").toString()), failed.getMessage());
        assertNotNull(failed.getLinkedException());
    }
}
