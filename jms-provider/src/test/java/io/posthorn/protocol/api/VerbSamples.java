package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BodyType;
import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import io.posthorn.message.MessagePlace;
import io.posthorn.protocol.RequestCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What the frozen sample frames of every verb mean. */
public final class VerbSamples {

    private static final BranchId BRANCH = new BranchId(0x20005, new byte[] {1, 2, 3}, new byte[] {(byte) 0xff});

    private static final int REQUEST = 0;
    private static final int RESPONSE = 1;
    private static final int ONE_WAY = 2;
    private static final int SUCCESS = 0;
    private static final long PRODUCER = 0x1122334455667788L;

    private VerbSamples() {}

    /** @param fixture name of the file with the frame */
    public record Sample<T>(
            String fixture,
            int code,
            int flag,
            T expected,
            BiConsumer<T, ByteBuf> encoder,
            Function<ByteBuf, T> decoder) {

        public T decode(ByteBuf in) {
            return decoder.apply(in);
        }

        public void encode(ByteBuf out) {
            encoder.accept(expected, out);
        }

        /** Encodes what {@link #decode} gave. */
        public void encodeDecoded(ByteBuf in, ByteBuf out) {
            encoder.accept(decoder.apply(in), out);
        }
    }

    static EncodedMessage textMessage() {
        MessageHead head = new MessageHead();
        head.destination(DestinationName.queue("orders"));
        head.bodyType(BodyType.TEXT);
        head.messageId(new MessageId(PRODUCER, 7));
        head.timestampMs(1000);
        head.deliveryTimeMs(1000);
        head.properties().put("colour", "red");
        head.properties().put("size", 42);
        return EncodedMessage.encode(head, "hello".getBytes(StandardCharsets.UTF_8));
    }

    static EncodedMessage bytesMessage() {
        MessageHead head = new MessageHead();
        head.destination(DestinationName.topic("news"));
        head.bodyType(BodyType.BYTES);
        head.persistent(false);
        head.priority(9);
        head.timestampMs(2000);
        head.expirationMs(5000);
        head.deliveryTimeMs(2500);
        head.replyTo(new DestinationName(DestinationKind.TEMPORARY_QUEUE, "tmp.broker-a.1"));
        head.correlationId("corr");
        head.type("kind");
        return EncodedMessage.encode(head, new byte[] {0, -1});
    }

    public static List<Sample<?>> all() {
        List<Sample<?>> all = new ArrayList<>(ofClients());
        all.addAll(ReplicaSamples.all());
        return all;
    }

    private static List<Sample<?>> ofClients() {
        return List.of(
                connect(
                        "connect-request",
                        new ConnectRequest(1, 3, "posthorn/0.1", "PLAIN", ascii("\0user\0secret"), "client-1", -2)),
                connect("connect-request-anonymous", new ConnectRequest(1, 1, "", "ANONYMOUS", new byte[0], null, 0)),
                connect(
                        "connect-request-features",
                        new ConnectRequest(
                                1, 1, "", "ANONYMOUS", new byte[0], null, 0, ConnectRequest.TAKES_REFERENCES)),
                connected(
                        "connect-response-challenge",
                        new ConnectResponse(false, new byte[] {1, 2, 3}, 0, "", "", 300, 0, 0, false, 0, 0)),
                connected(
                        "connect-response-done",
                        new ConnectResponse(
                                true,
                                new byte[0],
                                1,
                                "broker-a",
                                "DefaultCluster",
                                1L << 40,
                                17,
                                0x0123456789abcdefL,
                                true,
                                4 * 1024 * 1024,
                                4096)),
                sample(
                        "authenticate-request",
                        RequestCode.AUTHENTICATE,
                        REQUEST,
                        new AuthenticateRequest(new byte[] {(byte) 0xca, (byte) 0xfe}),
                        AuthenticateRequest::encode,
                        AuthenticateRequest::decode),
                sample(
                        "client-id-request",
                        RequestCode.CLIENT_ID,
                        REQUEST,
                        new ClientIdRequest("Grüße"),
                        ClientIdRequest::encode,
                        ClientIdRequest::decode),
                send("send-request", new SendRequest(PRODUCER, 7, 0, textMessage())),
                send("send-request-transacted", new SendRequest(-1, 1L << 62, 129, bytesMessage())),
                sample(
                        "producer-close-request",
                        RequestCode.PRODUCER_CLOSE,
                        ONE_WAY,
                        new ProducerCloseRequest(PRODUCER),
                        ProducerCloseRequest::encode,
                        ProducerCloseRequest::decode),
                open(
                        "open-consumer-request",
                        new OpenConsumerRequest(
                                3, ConsumerMode.QUEUE, DestinationName.queue("orders"), null, null, false, List.of())),
                open(
                        "open-consumer-request-durable",
                        new OpenConsumerRequest(
                                200,
                                ConsumerMode.DURABLE,
                                DestinationName.topic("news"),
                                "sub",
                                "size > 3",
                                true,
                                List.of(new MessageRef(5, 99), new MessageRef(-5, -1)))),
                sample(
                        "open-consumer-response",
                        SUCCESS,
                        RESPONSE,
                        new OpenConsumerResponse(List.of(0, 150), List.of(150)),
                        OpenConsumerResponse::encode,
                        OpenConsumerResponse::decode),
                sample(
                        "close-consumer-request",
                        RequestCode.CLOSE_CONSUMER,
                        REQUEST,
                        new CloseConsumerRequest(3, 128, true),
                        CloseConsumerRequest::encode,
                        CloseConsumerRequest::decode),
                sample(
                        "credit-request",
                        RequestCode.CREDIT,
                        ONE_WAY,
                        new CreditRequest(3, 256, 4 * 1024 * 1024),
                        CreditRequest::encode,
                        CreditRequest::decode),
                sample(
                        "drain-request",
                        RequestCode.DRAIN,
                        REQUEST,
                        new DrainRequest(3, 257),
                        DrainRequest::encode,
                        DrainRequest::decode),
                sample(
                        "drain-response",
                        SUCCESS,
                        RESPONSE,
                        new DrainResponse(256, true),
                        DrainResponse::encode,
                        DrainResponse::decode),
                sample(
                        "deliver-command",
                        RequestCode.DELIVER,
                        ONE_WAY,
                        new DeliverCommand(
                                3,
                                List.of(
                                        new Delivery(1, 0, new MessageRef(0x0500000000000004L, 10), textMessage()),
                                        new Delivery(2, 3, new MessageRef(6, -11), bytesMessage()))),
                        DeliverCommand::encode,
                        DeliverCommand::decode),
                sample(
                        "deliver-references-command",
                        RequestCode.DELIVER_REFERENCES,
                        ONE_WAY,
                        new DeliverReferencesCommand(
                                3,
                                List.of(
                                        new DeliverReferencesCommand.Reference(
                                                3,
                                                0,
                                                new MessageRef(0x0500000000000004L, 12),
                                                new MessagePlace((1L << 40) + 500, 1, 1200)),
                                        new DeliverReferencesCommand.Reference(
                                                4,
                                                2,
                                                new MessageRef(0x0500000000000004L, 13),
                                                new MessagePlace((1000L << 40) + 7, 1000, 300)))),
                        DeliverReferencesCommand::encode,
                        DeliverReferencesCommand::decode),
                sample(
                        "hand-over-request",
                        RequestCode.HAND_OVER,
                        ONE_WAY,
                        new HandOverRequest(3, 2),
                        HandOverRequest::encode,
                        HandOverRequest::decode),
                sample(
                        "progress-request",
                        RequestCode.PROGRESS,
                        ONE_WAY,
                        new ProgressRequest(3, 200, 201, 400),
                        ProgressRequest::encode,
                        ProgressRequest::decode),
                acknowledge(
                        "acknowledge-request",
                        new AcknowledgeRequest(
                                Disposition.ACCEPT,
                                true,
                                List.of(new DeliveryRange(3, 1, 200), new DeliveryRange(4, 300, 300)))),
                acknowledge(
                        "acknowledge-request-reject",
                        new AcknowledgeRequest(Disposition.REJECT, false, List.of(new DeliveryRange(1, 1, 1)))),
                sample(
                        "consumer-closed-command",
                        RequestCode.CONSUMER_CLOSED,
                        ONE_WAY,
                        new ConsumerClosedCommand(3, 7905, "deleted"),
                        ConsumerClosedCommand::encode,
                        ConsumerClosedCommand::decode),
                sample(
                        "commit-request",
                        RequestCode.COMMIT,
                        REQUEST,
                        new CommitRequest(9, 5, 1000, List.of(new DeliveryRange(3, 1, 10))),
                        CommitRequest::encode,
                        CommitRequest::decode),
                sample(
                        "rollback-request",
                        RequestCode.ROLLBACK,
                        REQUEST,
                        new RollbackRequest(9, 5, List.of()),
                        RollbackRequest::encode,
                        RollbackRequest::decode),
                sample(
                        "outcome-request",
                        RequestCode.OUTCOME,
                        REQUEST,
                        new OutcomeRequest(9, 5),
                        OutcomeRequest::encode,
                        OutcomeRequest::decode),
                sample(
                        "outcome-response",
                        SUCCESS,
                        RESPONSE,
                        new OutcomeResponse(true),
                        OutcomeResponse::encode,
                        OutcomeResponse::decode),
                sample(
                        "xa-start-request",
                        RequestCode.XA_START,
                        REQUEST,
                        new BranchStartRequest(BRANCH, BranchStartRequest.How.JOIN, 9, 5, 60_000),
                        BranchStartRequest::encode,
                        BranchStartRequest::decode),
                sample(
                        "xa-end-request",
                        RequestCode.XA_END,
                        REQUEST,
                        new BranchEndRequest(
                                BRANCH, BranchEndRequest.How.SUSPEND, 9, 5, 1000, List.of(new DeliveryRange(3, 1, 10))),
                        BranchEndRequest::encode,
                        BranchEndRequest::decode),
                sample(
                        "put-chunk-request",
                        RequestCode.PUT_CHUNK,
                        REQUEST,
                        new PutChunkRequest(12, 300_000, 1, new byte[] {1, 2, -1}),
                        PutChunkRequest::encode,
                        PutChunkRequest::decode),
                sample(
                        "put-chunk-response",
                        SUCCESS,
                        RESPONSE,
                        new MessageRef(0x1_0000_0004L, 77),
                        MessageRef::encode,
                        MessageRef::decode),
                sample(
                        "fetch-chunk-request",
                        RequestCode.FETCH_CHUNK,
                        REQUEST,
                        new FetchChunkRequest(new MessageRef(0x1_0000_0004L, 77)),
                        FetchChunkRequest::encode,
                        FetchChunkRequest::decode),
                sample(
                        "fetch-chunk-response",
                        SUCCESS,
                        RESPONSE,
                        new ChunkResponse(new byte[] {1, 2, -1}),
                        ChunkResponse::encode,
                        ChunkResponse::decode),
                sample(
                        "end-upload-request",
                        RequestCode.END_UPLOAD,
                        REQUEST,
                        new EndUploadRequest(12),
                        EndUploadRequest::encode,
                        EndUploadRequest::decode),
                branch("xa-prepare-request", RequestCode.XA_PREPARE, false),
                branch("xa-rollback-request", RequestCode.XA_ROLLBACK, true),
                branch("xa-forget-request", RequestCode.XA_FORGET, false),
                sample(
                        "xa-commit-request",
                        RequestCode.XA_COMMIT,
                        REQUEST,
                        new BranchCommitRequest(BRANCH, true, false, 9, 5),
                        BranchCommitRequest::encode,
                        BranchCommitRequest::decode),
                sample(
                        "xa-decide-request",
                        RequestCode.XA_DECIDE,
                        REQUEST,
                        new BranchDecideRequest(BRANCH, true),
                        BranchDecideRequest::encode,
                        BranchDecideRequest::decode),
                sample(
                        "xa-answer",
                        SUCCESS,
                        RESPONSE,
                        new BranchAnswer(-4, "gone"),
                        BranchAnswer::encode,
                        BranchAnswer::decode),
                sample(
                        "xa-recover-response",
                        SUCCESS,
                        RESPONSE,
                        new RecoverResponse(List.of(new RecoverResponse.Row(
                                BRANCH, RecoverResponse.State.ROLLED_BACK_ALONE, 1_700_000_000_000L))),
                        RecoverResponse::encode,
                        RecoverResponse::decode),
                sample(
                        "xa-list-response",
                        SUCCESS,
                        RESPONSE,
                        new BranchListResponse(
                                List.of(new BranchListResponse.Row(BRANCH, RecoverResponse.State.PREPARED, 300, 2, 1))),
                        BranchListResponse::encode,
                        BranchListResponse::decode),
                sample(
                        "destination-list-request",
                        RequestCode.DESTINATION_LIST,
                        REQUEST,
                        new DestinationListRequest(300),
                        DestinationListRequest::encode,
                        DestinationListRequest::decode),
                sample(
                        "destination-show-request",
                        RequestCode.DESTINATION_SHOW,
                        REQUEST,
                        new DestinationShowRequest(DestinationName.topic("t")),
                        DestinationShowRequest::encode,
                        DestinationShowRequest::decode),
                sample(
                        "destination-create-request",
                        RequestCode.DESTINATION_CREATE,
                        REQUEST,
                        new DestinationSettingsRequest(DestinationName.queue("q"), Map.of("maxBytes", "9")),
                        DestinationSettingsRequest::encode,
                        DestinationSettingsRequest::decode),
                sample(
                        "destination-set-request",
                        RequestCode.DESTINATION_SET,
                        REQUEST,
                        new DestinationSettingsRequest(DestinationName.queue("q"), Map.of("maxBytes", "")),
                        DestinationSettingsRequest::encode,
                        DestinationSettingsRequest::decode),
                sample(
                        "destination-delete-request",
                        RequestCode.DESTINATION_DELETE,
                        REQUEST,
                        new DestinationDeleteRequest(DestinationName.queue("q"), true),
                        DestinationDeleteRequest::encode,
                        DestinationDeleteRequest::decode),
                sample(
                        "destination-reports",
                        SUCCESS,
                        RESPONSE,
                        new DestinationReports(List.of(new DestinationReports.Row(
                                DestinationName.queue("q"),
                                Map.of("maxMessages", "5"),
                                Map.of("maxMessages", "5"),
                                3,
                                300,
                                1,
                                1,
                                0))),
                        DestinationReports::encode,
                        DestinationReports::decode),
                sample(
                        "unsubscribe-request",
                        RequestCode.UNSUBSCRIBE,
                        REQUEST,
                        new UnsubscribeRequest("sub"),
                        UnsubscribeRequest::encode,
                        UnsubscribeRequest::decode),
                sample(
                        "create-temporary-request",
                        RequestCode.CREATE_TEMPORARY,
                        REQUEST,
                        new CreateTemporaryRequest(true),
                        CreateTemporaryRequest::encode,
                        CreateTemporaryRequest::decode),
                sample(
                        "create-temporary-response",
                        SUCCESS,
                        RESPONSE,
                        new CreateTemporaryResponse("tmp.broker-a.1"),
                        CreateTemporaryResponse::encode,
                        CreateTemporaryResponse::decode),
                sample(
                        "delete-temporary-request",
                        RequestCode.DELETE_TEMPORARY,
                        REQUEST,
                        new DeleteTemporaryRequest(
                                new DestinationName(DestinationKind.TEMPORARY_QUEUE, "tmp.broker-a.1")),
                        DeleteTemporaryRequest::encode,
                        DeleteTemporaryRequest::decode),
                sample(
                        "restate-temporary-request",
                        RequestCode.RESTATE_TEMPORARY,
                        REQUEST,
                        new RestateTemporaryRequest(
                                new DestinationName(DestinationKind.TEMPORARY_QUEUE, "tmp.broker-a.1")),
                        RestateTemporaryRequest::encode,
                        RestateTemporaryRequest::decode));
    }

    private static <T> Sample<T> sample(
            String fixture,
            int code,
            int flag,
            T expected,
            BiConsumer<T, ByteBuf> encoder,
            Function<ByteBuf, T> decoder) {
        return new Sample<>(fixture, code, flag, expected, encoder, decoder);
    }

    private static Sample<?> connect(String fixture, ConnectRequest expected) {
        return sample(fixture, RequestCode.CONNECT, REQUEST, expected, ConnectRequest::encode, ConnectRequest::decode);
    }

    private static Sample<?> connected(String fixture, ConnectResponse expected) {
        return sample(fixture, SUCCESS, RESPONSE, expected, ConnectResponse::encode, ConnectResponse::decode);
    }

    private static Sample<?> send(String fixture, SendRequest expected) {
        return sample(fixture, RequestCode.SEND, REQUEST, expected, SendRequest::encode, SendRequest::decode);
    }

    private static Sample<?> open(String fixture, OpenConsumerRequest expected) {
        return sample(
                fixture,
                RequestCode.OPEN_CONSUMER,
                REQUEST,
                expected,
                OpenConsumerRequest::encode,
                OpenConsumerRequest::decode);
    }

    private static Sample<?> branch(String fixture, int code, boolean repeated) {
        return sample(
                fixture,
                code,
                REQUEST,
                new BranchRequest(BRANCH, repeated),
                BranchRequest::encode,
                BranchRequest::decode);
    }

    private static Sample<?> acknowledge(String fixture, AcknowledgeRequest expected) {
        return sample(
                fixture,
                RequestCode.ACKNOWLEDGE,
                REQUEST,
                expected,
                AcknowledgeRequest::encode,
                AcknowledgeRequest::decode);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
