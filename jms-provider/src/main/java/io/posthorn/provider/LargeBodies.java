package io.posthorn.provider;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import java.util.concurrent.CompletableFuture;

/**
 * The bodies of large messages, which travel in chunks beside their messages. Thread-safe; no method blocks. Futures complete on an I/O
 * thread and fail with {@link ProviderException}s; requests are repeated after a loss of the connection like all others.
 *
 * <p>A body is put there chunk by chunk under a number from {@link #beginUpload}, then a message that refers to it is sent, and then the
 * upload is ended, whatever became of the message. The kind BODY_LOST says that the broker has forgotten an upload, because it was
 * restarted: the whole body has to be put there anew.
 */
public interface LargeBodies {

    /**
     * A number for a new upload.
     *
     * @param producer who will send the message
     * @param message its head
     * @param bodyLength bytes of the body, at least 1
     * @throws ProviderException of kind INVALID_MESSAGE if that is more than the broker takes
     */
    long beginUpload(ProducerHandle producer, EncodedMessage message, long bodyLength);

    /**
     * Puts a chunk there; completes when it is durable.
     *
     * @param index 0, 1, 2… in this order
     * @param bytes as many as {@link LargeBody#chunkBytes} says; not changed until the future completes
     */
    CompletableFuture<ChunkPlace> put(long uploadId, long bodyLength, int index, byte[] bytes);

    /** What was put there and is not part of a message goes; to be called in any case. Not awaited. */
    void endUpload(long uploadId);

    /** Fetches one chunk. Fails with BODY_LOST when it is not there any more. */
    CompletableFuture<byte[]> fetch(ChunkPlace place);

    /** Where a chunk lies: packed lane id and offset. */
    record ChunkPlace(long lane, long offset) {}
}
