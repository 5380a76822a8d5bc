package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ChunkResponse;
import io.posthorn.protocol.api.EndUploadRequest;
import io.posthorn.protocol.api.FetchChunkRequest;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.PutChunkRequest;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.store.ReadResult;

/**
 * PUT_CHUNK, FETCH_CHUNK and END_UPLOAD. Event loop; a fetched chunk is read, and its answer written, by a reader thread of the store, so
 * that neither the sequencer nor an event loop waits for the disk.
 */
final class LargeBodyHandler implements RequestHandler {

    private final BrokerCore core;

    LargeBodyHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.PUT_CHUNK -> {
                PutChunkRequest put = PutChunkRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) ->
                                heart.putChunk(client, put.uploadId(), put.bodyLength(), put.index(), put.bytes(), now),
                        (place, connection) -> {
                            ByteBuf body = connection.newBody(16);
                            new MessageRef(place.lane(), place.offset()).encode(body);
                            return body;
                        });
            }
            case RequestCode.FETCH_CHUNK -> {
                MessageRef at = FetchChunkRequest.decode(request.body()).at();
                core.readForClient(
                        from,
                        request,
                        heart -> heart.locateChunk(at.lane(), at.offset()),
                        result -> answer(from, request, result));
            }
            case RequestCode.END_UPLOAD -> {
                long uploadId = EndUploadRequest.decode(request.body()).uploadId();
                core.submit(from, request, (heart, client, now) -> heart.endUpload(client, uploadId), Answer.empty());
            }
            default -> throw new ProtocolException("code " + request.code() + " is no verb of large bodies");
        }
    }

    /** @param result null when the heart knows of no such chunk */
    private static void answer(FrameConnection to, Frame request, ReadResult result) {
        if (result != null && result.isFailed()) {
            Acceptor.refuse(
                    to,
                    request,
                    ErrorCode.SYSTEM_ERROR,
                    "a part of a large message cannot be read now; see the broker's log");
            return;
        }
        EncodedMessage chunk = result == null ? null : result.messages()[0];
        if (chunk == null) {
            Acceptor.refuse(
                    to, request, ErrorCode.BODY_LOST, "a part of a large message is not there: the message is gone");
            return;
        }
        ByteBuf body = to.newBody(chunk.bodyLength() + 8);
        ChunkResponse.write(body, chunk.bytes(), chunk.headLength(), chunk.bodyLength());
        to.respond(request, body);
    }
}
