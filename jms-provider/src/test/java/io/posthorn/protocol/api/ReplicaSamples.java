package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ReplicaHelloRequest.Reign;
import io.posthorn.protocol.api.ReplicaStatusResponse.Format;
import io.posthorn.protocol.api.ReplicaStatusResponse.Replica;
import io.posthorn.protocol.api.VerbSamples.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What the frozen sample frames of the verbs among brokers mean. */
final class ReplicaSamples {

    private static final List<Reign> REIGNS =
            List.of(new Reign(1, 1L << 40, 0), new Reign(1000, 2L << 40, (1L << 40) + 500));

    private ReplicaSamples() {}

    static List<Sample<?>> all() {
        return List.of(
                request(
                        "replica-hello-request",
                        RequestCode.REPLICA_HELLO,
                        new ReplicaHelloRequest(
                                1, 1, "broker-a", 1, "127.0.0.1:10921", REIGNS, 500, 300, 400, 0xcafebabe, false, 1),
                        ReplicaHelloRequest::encode,
                        ReplicaHelloRequest::decode),
                request(
                        "replica-hello-request-readable",
                        RequestCode.REPLICA_HELLO,
                        new ReplicaHelloRequest(
                                1, 1, "broker-a", 1, "127.0.0.1:10921", REIGNS, 500, 300, 400, 0xcafebabe, true, 1),
                        ReplicaHelloRequest::encode,
                        ReplicaHelloRequest::decode),
                request(
                        "replica-hello-request-format",
                        RequestCode.REPLICA_HELLO,
                        new ReplicaHelloRequest(
                                1, 1, "broker-a", 1, "127.0.0.1:10921", REIGNS, 500, 300, 400, 0xcafebabe, true, 2),
                        ReplicaHelloRequest::encode,
                        ReplicaHelloRequest::decode),
                answer(
                        "replica-hello-response",
                        new ReplicaHelloResponse(
                                1, 1000, ReplicaHelloResponse.Verdict.CUT, 300, 67_108_800, 2, "a longer tail", 1),
                        ReplicaHelloResponse::encode,
                        ReplicaHelloResponse::decode),
                answer(
                        "replica-hello-response-format",
                        new ReplicaHelloResponse(
                                1, 1000, ReplicaHelloResponse.Verdict.CUT, 300, 67_108_800, 2, "a longer tail", 2),
                        ReplicaHelloResponse::encode,
                        ReplicaHelloResponse::decode),
                request(
                        "replica-fetch-request",
                        RequestCode.REPLICA_FETCH,
                        new ReplicaFetchRequest(500, 300, 1_048_576, 1000),
                        ReplicaFetchRequest::encode,
                        ReplicaFetchRequest::decode),
                answer(
                        "replica-fetch-response",
                        new ReplicaFetchResponse(1L << 40, 300, 500, 400, new byte[] {1, 2, 3}),
                        ReplicaFetchResponse::encode,
                        ReplicaFetchResponse::decode),
                new Sample<>(
                        "replica-ack-command",
                        RequestCode.REPLICA_ACK,
                        2,
                        new ReplicaAckCommand(500),
                        ReplicaAckCommand::encode,
                        ReplicaAckCommand::decode),
                answer(
                        "replica-status-response",
                        new ReplicaStatusResponse(
                                ReplicaStatusResponse.Role.MASTER,
                                "broker-a",
                                0,
                                1000,
                                500,
                                400,
                                2,
                                2,
                                "",
                                "serving",
                                List.of(new Replica(1, "127.0.0.1:10921", 400, true, 150)),
                                0,
                                0,
                                0,
                                Format.FIRST),
                        ReplicaStatusResponse::encode,
                        ReplicaStatusResponse::decode),
                answer(
                        "replica-status-response-reads",
                        statusOf(Format.FIRST),
                        ReplicaStatusResponse::encode,
                        ReplicaStatusResponse::decode),
                answer(
                        "replica-status-response-format",
                        statusOf(new Format(1, 2)),
                        ReplicaStatusResponse::encode,
                        ReplicaStatusResponse::decode),
                answer(
                        "finalize-response",
                        new FinalizeResponse(2, true),
                        FinalizeResponse::encode,
                        FinalizeResponse::decode),
                request(
                        "browse-committed-request",
                        RequestCode.BROWSE_COMMITTED,
                        new BrowseCommittedRequest(DestinationName.queue("orders"), 9, 0, 128, 1_048_576),
                        BrowseCommittedRequest::encode,
                        BrowseCommittedRequest::decode),
                answer(
                        "browse-committed-response",
                        new BrowseCommittedResponse(
                                true,
                                List.of(new Delivery(
                                        1, 2, new MessageRef(0x0500000000000004L, 10), VerbSamples.textMessage())),
                                false,
                                4,
                                11),
                        BrowseCommittedResponse::encode,
                        BrowseCommittedResponse::decode),
                request(
                        "replica-promote-request",
                        RequestCode.REPLICA_PROMOTE,
                        new PromoteRequest(7, 500, true, 1),
                        PromoteRequest::encode,
                        PromoteRequest::decode),
                answer(
                        "replica-promote-response",
                        new PromoteResponse(1000, 400),
                        PromoteResponse::encode,
                        PromoteResponse::decode),
                request(
                        "replica-fence-request",
                        RequestCode.REPLICA_FENCE,
                        new FenceRequest(1000, "127.0.0.1:10921"),
                        FenceRequest::encode,
                        FenceRequest::decode),
                answer(
                        "replica-fence-response-silent",
                        new FenceResponse(0),
                        FenceResponse::encode,
                        FenceResponse::decode),
                answer("replica-fence-response", new FenceResponse(400), FenceResponse::encode, FenceResponse::decode),
                request(
                        "snapshot-request",
                        RequestCode.SNAPSHOT,
                        new SnapshotRequest(5),
                        SnapshotRequest::encode,
                        SnapshotRequest::decode),
                answer(
                        "snapshot-response",
                        new SnapshotResponse(true, 5, 1_048_576, 0xcafebabe, 1L << 40, 500, REIGNS),
                        SnapshotResponse::encode,
                        SnapshotResponse::decode),
                request(
                        "snapshot-chunk-request",
                        RequestCode.SNAPSHOT_CHUNK,
                        new SnapshotChunkRequest(5, 300, 262_144),
                        SnapshotChunkRequest::encode,
                        SnapshotChunkRequest::decode),
                request(
                        "fetch-messages-request",
                        RequestCode.FETCH_MESSAGES,
                        new FetchMessagesRequest(
                                0x10004, 1_048_576, List.of(new FetchMessagesRequest.Entry(99, 500, 1000))),
                        FetchMessagesRequest::encode,
                        FetchMessagesRequest::decode),
                answer(
                        "fetch-messages-response",
                        new FetchMessagesResponse(Arrays.asList(null, VerbSamples.textMessage())),
                        FetchMessagesResponse::encode,
                        FetchMessagesResponse::decode));
    }

    private static ReplicaStatusResponse statusOf(Format format) {
        return new ReplicaStatusResponse(
                ReplicaStatusResponse.Role.MASTER,
                "broker-a",
                0,
                1000,
                500,
                400,
                1,
                1,
                "",
                "serving",
                List.of(),
                5000,
                95_000,
                300,
                format);
    }

    private static <T> Sample<T> request(
            String fixture, int code, T expected, BiConsumer<T, ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        return new Sample<>(fixture, code, 0, expected, encoder, decoder);
    }

    private static <T> Sample<T> answer(
            String fixture, T expected, BiConsumer<T, ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        return new Sample<>(fixture, 0, 1, expected, encoder, decoder);
    }
}
