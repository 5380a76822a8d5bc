package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ChunkResponse;
import io.posthorn.protocol.api.EndUploadRequest;
import io.posthorn.protocol.api.FetchChunkRequest;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.PutChunkRequest;
import io.posthorn.provider.LargeBodies;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** The verbs for large bodies of one connection, on its {@link RequestFlow}. Any thread. */
final class RemoteLargeBodies implements LargeBodies {

    private static final int FIELDS_MAX_BYTES = 32;

    private final ConnectionState state;
    private final AtomicLong lastUpload = new AtomicLong();

    RemoteLargeBodies(ConnectionState state) {
        this.state = state;
    }

    @Override
    public long beginUpload(ProducerHandle producer, EncodedMessage message, long bodyLength) {
        // Refused before anything of it travels.
        long limit = Math.min(state.messageMaxBytes(), LargeBody.BYTES_MAX);
        if (bodyLength > limit) {
            throw new ProviderException(
                    Kind.INVALID_MESSAGE,
                    "a message with a body of " + bodyLength + " bytes to " + message.destination()
                            + " is over maxMessageSize=" + limit);
        }
        return lastUpload.incrementAndGet();
    }

    @Override
    public CompletableFuture<ChunkPlace> put(long uploadId, long bodyLength, int index, byte[] bytes) {
        PutChunkRequest request = new PutChunkRequest(uploadId, bodyLength, index, bytes);
        return state.requests()
                .ask(new ChunkVerb<>(
                        RequestCode.PUT_CHUNK,
                        "sending a part of a large message",
                        FIELDS_MAX_BYTES + bytes.length,
                        request::encode,
                        answer -> {
                            MessageRef at = MessageRef.decode(answer);
                            return new ChunkPlace(at.lane(), at.offset());
                        }));
    }

    @Override
    public void endUpload(long uploadId) {
        // A failure means that the connection is lost for good, and the upload with it.
        state.requests()
                .ask(new ChunkVerb<Void>(
                        RequestCode.END_UPLOAD,
                        "ending the upload of a large message",
                        FIELDS_MAX_BYTES,
                        new EndUploadRequest(uploadId)::encode,
                        none -> null));
    }

    @Override
    public CompletableFuture<byte[]> fetch(ChunkPlace place) {
        FetchChunkRequest request = new FetchChunkRequest(new MessageRef(place.lane(), place.offset()));
        return state.requests()
                .ask(new ChunkVerb<>(
                        RequestCode.FETCH_CHUNK,
                        "fetching a part of a large message",
                        FIELDS_MAX_BYTES,
                        request::encode,
                        answer -> ChunkResponse.decode(answer).bytes()));
    }

    private record ChunkVerb<T>(
            int code, String what, int bodyBytes, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder)
            implements PendingVerb.Verb<T> {

        @Override
        public void encode(ByteBuf body, boolean repeated) {
            encoder.accept(body);
        }

        @Override
        public T decode(ByteBuf answer) {
            return decoder.apply(answer);
        }
    }
}
