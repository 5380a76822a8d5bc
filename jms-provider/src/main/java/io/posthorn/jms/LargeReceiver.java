package io.posthorn.jms;

import io.posthorn.jms.message.ObjectFilter;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.jms.message.Spool;
import io.posthorn.jms.message.SpoolFile;
import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.provider.LargeBodies;
import io.posthorn.provider.LargeBodies.ChunkPlace;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import jakarta.jms.JMSException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * Fetches the body of a large message before the application gets it, so that it can be read at any time, also when the message is
 * acknowledged and the connection closed. That of a bytes message goes to a temporary file, piece by piece; other types need theirs in
 * the heap anyway. On the thread that takes the message; a few chunks are under way at a time.
 */
final class LargeReceiver {

    private static final int WINDOW_CHUNKS = 8;
    private static final byte[] NOTHING = {};

    private final LargeBodies bodies;
    private final Spool spool;

    LargeReceiver(LargeBodies bodies, Spool spool) {
        this.bodies = bodies;
        this.spool = spool;
    }

    /** Takes the chunks of a body, in order. */
    private interface Sink {

        void take(byte[] chunk) throws JMSException;
    }

    /**
     * The message with its body.
     *
     * @throws ProviderException if the body cannot be fetched; of kind BODY_LOST if it is not there any more
     * @throws JMSException if there is no room for it in a file
     */
    PosthornMessage open(EncodedMessage message, int deliveryCount, ObjectFilter filter) throws JMSException {
        LargeBody body = message.largeBody();
        if (message.bodyType() != BodyType.BYTES) {
            return PosthornMessage.decode(message.withBody(inHeap(body)), deliveryCount, filter);
        }
        SpoolFile file = spool.create();
        boolean complete = false;
        try {
            fetch(body, chunk -> file.append(chunk, 0, chunk.length));
            complete = true;
        } finally {
            if (!complete) {
                file.close();
            }
        }
        return PosthornMessage.decodeSpooled(message.withBody(NOTHING), deliveryCount, file);
    }

    /** A message that tells what its body can be had as, without the body itself. */
    PosthornMessage outline(EncodedMessage message, int deliveryCount, ObjectFilter filter) throws JMSException {
        return message.bodyType() == BodyType.OBJECT
                ? open(message, deliveryCount, filter)
                : PosthornMessage.decode(message.withBody(NOTHING), deliveryCount, filter);
    }

    private byte[] inHeap(LargeBody body) throws JMSException {
        byte[] all = new byte[(int) body.length()];
        int[] at = {0};
        fetch(body, chunk -> {
            System.arraycopy(chunk, 0, all, at[0], chunk.length);
            at[0] += chunk.length;
        });
        return all;
    }

    private void fetch(LargeBody body, Sink sink) throws JMSException {
        ArrayDeque<CompletableFuture<byte[]>> underWay = new ArrayDeque<>(WINDOW_CHUNKS);
        int taken = 0;
        long[] ranges = body.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            for (long offset = ranges[i]; offset <= ranges[i + 1]; offset++) {
                if (underWay.size() == WINDOW_CHUNKS) {
                    sink.take(next(underWay, body, taken++));
                }
                underWay.add(bodies.fetch(new ChunkPlace(body.lane(), offset)));
            }
        }
        while (!underWay.isEmpty()) {
            sink.take(next(underWay, body, taken++));
        }
    }

    private static byte[] next(ArrayDeque<CompletableFuture<byte[]>> underWay, LargeBody body, int index) {
        byte[] chunk = LargeSender.await(underWay.poll());
        if (chunk.length != LargeBody.chunkBytes(body.length(), index)) {
            throw new ProviderException(
                    Kind.BODY_LOST, "chunk " + index + " of " + body + " has " + chunk.length + " bytes");
        }
        return chunk;
    }
}
