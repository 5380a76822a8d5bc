package io.posthorn.jms;

import io.posthorn.jms.message.BodySource;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.provider.LargeBodies;
import io.posthorn.provider.LargeBodies.ChunkPlace;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.SendCallback;
import jakarta.jms.JMSException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends messages whose body is too large for one frame: first the body in chunks, of which few are under way at a time, then the message
 * that refers to them. On the application's thread, which waits for all of it, whatever the kind of send: so the body may be read from
 * where it lies, and a broker that was restarted in between gets all of it again.
 */
final class LargeSender {

    /** Bodies up to here travel within their message. */
    static final int WITHIN_MAX_BYTES = 1 << 20;

    /** Chunks under way at a time. */
    private static final int WINDOW_CHUNKS = 8;

    /** The broker may be restarted so often during one send. */
    private static final int ATTEMPTS_MAX = 16;

    private final Provider provider;
    private final ProducerHandle producer;
    private final ConnectionSettings settings;

    LargeSender(Provider provider, ProducerHandle producer, ConnectionSettings settings) {
        this.provider = provider;
        this.producer = producer;
        this.settings = settings;
    }

    /**
     * Sends one.
     *
     * @param message its head; what it has as a body is left out
     * @param callback told how it ended, before this returns
     * @throws ProviderException if the body cannot be put there; then the callback is not told
     * @throws JMSException if the body cannot be read; likewise
     */
    void send(EncodedMessage message, BodySource body, boolean transacted, SendCallback callback) throws JMSException {
        for (int attempt = 1; ; attempt++) {
            try {
                ProviderException failure = attempt(message, body, transacted);
                if (failure == null || failure.kind() != Kind.BODY_LOST || attempt == ATTEMPTS_MAX) {
                    callback.done(failure);
                    return;
                }
            } catch (ProviderException failure) {
                if (failure.kind() != Kind.BODY_LOST || attempt == ATTEMPTS_MAX) {
                    throw failure;
                }
            }
        }
    }

    private ProviderException attempt(EncodedMessage message, BodySource body, boolean transacted) throws JMSException {
        LargeBodies bodies = provider.largeBodies();
        long upload = bodies.beginUpload(producer, message, body.length());
        try {
            SendWait wait = new SendWait();
            provider.send(producer, message.withLargeBody(put(bodies, upload, body)), transacted, wait);
            return wait.await(settings.clock(), settings.sendTimeoutMs());
        } finally {
            bodies.endUpload(upload);
        }
    }

    private static LargeBody put(LargeBodies bodies, long upload, BodySource body) throws JMSException {
        long length = body.length();
        ChunkList chunks = new ChunkList();
        ArrayDeque<CompletableFuture<ChunkPlace>> underWay = new ArrayDeque<>(WINDOW_CHUNKS);
        for (int index = 0; index < LargeBody.chunks(length); index++) {
            if (underWay.size() == WINDOW_CHUNKS) {
                chunks.add(await(underWay.poll()));
            }
            byte[] chunk = new byte[LargeBody.chunkBytes(length, index)];
            body.read((long) index * LargeBody.CHUNK_BYTES, chunk);
            underWay.add(bodies.put(upload, length, index, chunk));
        }
        while (!underWay.isEmpty()) {
            chunks.add(await(underWay.poll()));
        }
        return chunks.body(length);
    }

    /** The provider bounds every wait in time; an interrupt would leave the outcome unknown, and does not end it. */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof ProviderException known) {
                throw known;
            }
            throw failed;
        }
    }

    /** Where the chunks of one body lie: their offsets as ranges, both ends included. */
    private static final class ChunkList {

        private long[] ranges = new long[16];
        private int length;
        private long lane;

        void add(ChunkPlace place) {
            lane = place.lane();
            if (length > 0 && ranges[length - 1] + 1 == place.offset()) {
                ranges[length - 1]++;
                return;
            }
            if (length == ranges.length) {
                ranges = Arrays.copyOf(ranges, length * 2);
            }
            ranges[length++] = place.offset();
            ranges[length++] = place.offset();
        }

        LargeBody body(long bytes) {
            try {
                return new LargeBody(bytes, lane, Arrays.copyOf(ranges, length));
            } catch (IllegalArgumentException unfit) {
                throw new ProviderException(Kind.INTERNAL, "the broker has answered oddly: " + unfit.getMessage());
            }
        }
    }
}
