package io.posthorn.protocol.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.message.BodyType;
import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import io.posthorn.message.MessagePlace;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every record with random values, and bodies that no encoder writes. */
class VerbCodecTest {

    private static final long SEED = 20261122;
    private static final int ROUNDS = 200;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @TestFactory
    List<DynamicTest> roundTrips() {
        return List.of(
                roundTrip(
                        () -> new PutChunkRequest(random.nextLong(), number(), count(), bytes()),
                        PutChunkRequest::encode,
                        PutChunkRequest::decode),
                roundTrip(() -> new ChunkResponse(bytes()), ChunkResponse::encode, ChunkResponse::decode),
                roundTrip(
                        () -> new ConnectRequest(
                                count(), count(), text(), text(), bytes(), optional(), random.nextLong(), number()),
                        ConnectRequest::encode,
                        ConnectRequest::decode),
                roundTrip(
                        () -> new ConnectResponse(
                                flag(),
                                bytes(),
                                count(),
                                text(),
                                text(),
                                number(),
                                random.nextLong(),
                                random.nextLong(),
                                flag(),
                                count(),
                                count()),
                        ConnectResponse::encode,
                        ConnectResponse::decode),
                roundTrip(
                        () -> new DeliverReferencesCommand(
                                count(),
                                List.of(new DeliverReferencesCommand.Reference(
                                        number(),
                                        count(),
                                        new MessageRef(random.nextLong(), random.nextLong()),
                                        new MessagePlace(number(), number(), count())))),
                        DeliverReferencesCommand::encode,
                        DeliverReferencesCommand::decode),
                roundTrip(
                        () -> new AuthenticateRequest(bytes()),
                        AuthenticateRequest::encode,
                        AuthenticateRequest::decode),
                roundTrip(() -> new ClientIdRequest(text()), ClientIdRequest::encode, ClientIdRequest::decode),
                roundTrip(
                        () -> new SendRequest(random.nextLong(), number(), number(), message()),
                        SendRequest::encode,
                        SendRequest::decode),
                roundTrip(
                        () -> new ProducerCloseRequest(random.nextLong()),
                        ProducerCloseRequest::encode,
                        ProducerCloseRequest::decode),
                roundTrip(
                        () -> new OpenConsumerRequest(
                                count(),
                                pick(ConsumerMode.values()),
                                name(),
                                optional(),
                                optional(),
                                flag(),
                                list(this::ref)),
                        OpenConsumerRequest::encode,
                        OpenConsumerRequest::decode),
                roundTrip(
                        () -> new OpenConsumerResponse(list(this::count), list(this::count)),
                        OpenConsumerResponse::encode,
                        OpenConsumerResponse::decode),
                roundTrip(
                        () -> new CloseConsumerRequest(count(), number(), flag()),
                        CloseConsumerRequest::encode,
                        CloseConsumerRequest::decode),
                roundTrip(
                        () -> new CreditRequest(count(), number(), count()),
                        CreditRequest::encode,
                        CreditRequest::decode),
                roundTrip(() -> new DrainRequest(count(), number()), DrainRequest::encode, DrainRequest::decode),
                roundTrip(() -> new DrainResponse(number(), flag()), DrainResponse::encode, DrainResponse::decode),
                roundTrip(
                        () -> new DeliverCommand(count(), deliveries()),
                        DeliverCommand::encode,
                        DeliverCommand::decode),
                roundTrip(this::ref, MessageRef::encode, MessageRef::decode),
                roundTrip(
                        () -> new HandOverRequest(count(), number()), HandOverRequest::encode, HandOverRequest::decode),
                roundTrip(
                        () -> {
                            DeliveryRange accepted = range();
                            return new ProgressRequest(accepted.consumerId(), accepted.from(), accepted.to(), number());
                        },
                        ProgressRequest::encode,
                        ProgressRequest::decode),
                roundTrip(
                        () -> new AcknowledgeRequest(pick(Disposition.values()), flag(), list(this::range)),
                        AcknowledgeRequest::encode,
                        AcknowledgeRequest::decode),
                roundTrip(
                        () -> new ConsumerClosedCommand(count(), count(), text()),
                        ConsumerClosedCommand::encode,
                        ConsumerClosedCommand::decode),
                roundTrip(
                        () -> new CommitRequest(random.nextLong(), number(), count(), list(this::range)),
                        CommitRequest::encode,
                        CommitRequest::decode),
                roundTrip(
                        () -> new RollbackRequest(random.nextLong(), number(), list(this::range)),
                        RollbackRequest::encode,
                        RollbackRequest::decode),
                roundTrip(
                        () -> new OutcomeRequest(random.nextLong(), number()),
                        OutcomeRequest::encode,
                        OutcomeRequest::decode),
                roundTrip(() -> new OutcomeResponse(flag()), OutcomeResponse::encode, OutcomeResponse::decode),
                roundTrip(() -> new UnsubscribeRequest(text()), UnsubscribeRequest::encode, UnsubscribeRequest::decode),
                roundTrip(
                        () -> new CreateTemporaryRequest(flag()),
                        CreateTemporaryRequest::encode,
                        CreateTemporaryRequest::decode),
                roundTrip(
                        () -> new CreateTemporaryResponse(text()),
                        CreateTemporaryResponse::encode,
                        CreateTemporaryResponse::decode),
                roundTrip(
                        () -> new BranchStartRequest(
                                branch(), pick(BranchStartRequest.How.values()), random.nextLong(), number(), number()),
                        BranchStartRequest::encode,
                        BranchStartRequest::decode),
                roundTrip(
                        () -> new BranchEndRequest(
                                branch(),
                                pick(BranchEndRequest.How.values()),
                                random.nextLong(),
                                number(),
                                count(),
                                list(this::range)),
                        BranchEndRequest::encode,
                        BranchEndRequest::decode),
                roundTrip(() -> new BranchRequest(branch(), flag()), BranchRequest::encode, BranchRequest::decode),
                roundTrip(
                        () -> new BranchCommitRequest(branch(), flag(), flag(), random.nextLong(), number()),
                        BranchCommitRequest::encode,
                        BranchCommitRequest::decode),
                roundTrip(
                        () -> new BranchDecideRequest(branch(), flag()),
                        BranchDecideRequest::encode,
                        BranchDecideRequest::decode),
                roundTrip(() -> new BranchAnswer(random.nextInt(), text()), BranchAnswer::encode, BranchAnswer::decode),
                roundTrip(
                        () -> new RecoverResponse(list(() -> new RecoverResponse.Row(
                                branch(), pick(RecoverResponse.State.values()), random.nextLong()))),
                        RecoverResponse::encode,
                        RecoverResponse::decode),
                roundTrip(
                        () -> new BranchListResponse(list(() -> new BranchListResponse.Row(
                                branch(), pick(RecoverResponse.State.values()), number(), number(), number()))),
                        BranchListResponse::encode,
                        BranchListResponse::decode),
                roundTrip(
                        () -> new DestinationListRequest(count()),
                        DestinationListRequest::encode,
                        DestinationListRequest::decode),
                roundTrip(
                        () -> new DestinationShowRequest(name()),
                        DestinationShowRequest::encode,
                        DestinationShowRequest::decode),
                roundTrip(
                        () -> new DestinationSettingsRequest(name(), settings()),
                        DestinationSettingsRequest::encode,
                        DestinationSettingsRequest::decode),
                roundTrip(
                        () -> new DestinationDeleteRequest(name(), flag()),
                        DestinationDeleteRequest::encode,
                        DestinationDeleteRequest::decode),
                roundTrip(
                        () -> new DestinationReports(list(() -> new DestinationReports.Row(
                                name(), settings(), settings(), number(), number(), count(), count(), number()))),
                        DestinationReports::encode,
                        DestinationReports::decode),
                roundTrip(
                        () -> new DeleteTemporaryRequest(name()),
                        DeleteTemporaryRequest::encode,
                        DeleteTemporaryRequest::decode));
    }

    private Map<String, String> settings() {
        return random.nextBoolean() ? Map.of() : Map.of(text(), text());
    }

    private static <T> DynamicTest roundTrip(
            Supplier<T> generator, BiConsumer<T, ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        return DynamicTest.dynamicTest(generator.get().getClass().getSimpleName(), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                T value = generator.get();
                ByteBuf wire = Unpooled.buffer();
                encoder.accept(value, wire);
                T read = decoder.apply(wire);
                assertEquals(Records.content(value), Records.content(read), "seed " + SEED + " round " + round);
                assertEquals(0, wire.readableBytes());
            }
        });
    }

    @Test
    void sizeBoundsHold() {
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuf wire = Unpooled.buffer();
            SendRequest send = new SendRequest(random.nextLong(), number(), number(), message());
            send.encode(wire);
            assertTrue(wire.readableBytes() <= send.encodedMaxBytes());
            wire.clear();
            DeliverCommand deliver = new DeliverCommand(count(), deliveries());
            deliver.encode(wire);
            assertTrue(wire.readableBytes() <= deliver.encodedMaxBytes());
        }
    }

    @TestFactory
    List<DynamicTest> malformedBodies() {
        return List.of(
                refused("boolean 2", "02", CreateTemporaryRequest::decode),
                refused("varint of ten bytes", "808080808080808080" + "01", DrainRequest::decode),
                refused("consumer id over 31 bits", "8080808010" + "01", DrainRequest::decode),
                refused("string over the end", "05" + "61", UnsubscribeRequest::decode),
                refused("string of 2^62 bytes", "808080808080808040", UnsubscribeRequest::decode),
                refused("challenge of 2^31 bytes", "8080808008", AuthenticateRequest::decode),
                refused(
                        "unknown mode",
                        "01" + "06" + "01" + "0161" + "0000" + "00" + "00",
                        OpenConsumerRequest::decode),
                refused("kind 0", "00" + "0161", DeleteTemporaryRequest::decode),
                refused("kind 5", "05" + "0161", DeleteTemporaryRequest::decode),
                refused("empty name", "01" + "00", DeleteTemporaryRequest::decode),
                refused("name of 256 bytes", "01" + "8002" + "61".repeat(256), DeleteTemporaryRequest::decode),
                refused("name that is no UTF-8", "01" + "ff01" + "ff".repeat(255), DeleteTemporaryRequest::decode),
                refused("unknown disposition", "03" + "00" + "00", AcknowledgeRequest::decode),
                refused("chunk over the end", "00".repeat(8) + "01" + "00" + "05" + "01", PutChunkRequest::decode),
                refused("chunk 2^31", "00".repeat(8) + "01" + "8080808008" + "00", PutChunkRequest::decode),
                refused("branch with format -1", "ffffffff" + "0101" + "00" + "00", BranchRequest::decode),
                refused("branch without gtrid", "00000001" + "00" + "00" + "00" + "00", BranchRequest::decode),
                refused("gtrid of 65 bytes", "00000001" + "41" + "01".repeat(65) + "00" + "00", BranchRequest::decode),
                refused("bqual over the end", "00000001" + "0101" + "05" + "01", BranchRequest::decode),
                refused(
                        "unknown way to start",
                        "00000001" + "0101" + "00" + "03" + "00".repeat(10),
                        BranchStartRequest::decode),
                refused(
                        "unknown way to end",
                        "00000001" + "0101" + "00" + "03" + "00".repeat(11),
                        BranchEndRequest::decode),
                refused(
                        "more branches than bytes",
                        "02" + "00000001" + "0101" + "00" + "00" + "00".repeat(8),
                        RecoverResponse::decode),
                refused(
                        "unknown state of a branch",
                        "01" + "00000001" + "0101" + "00" + "03" + "00".repeat(8),
                        RecoverResponse::decode),
                refused("more ranges than bytes", "00" + "01" + "02" + "010101" + "01", AcknowledgeRequest::decode),
                refused(
                        "100,001 ranges",
                        "00" + "00" + "a18d06" + "000000".repeat(100_001),
                        AcknowledgeRequest::decode),
                refused("range beyond 2^63", "01" + "ffffffffffffffff7f" + "01", DeliveryRange::decode),
                refused("more refs than bytes", "02" + "00".repeat(31), VerbCodecTest::refsOnly),
                refused("no deliveries", "01" + "00", DeliverCommand::decode),
                refused("more deliveries than bytes", "01" + "02" + "00".repeat(37), DeliverCommand::decode),
                refused("delivery without message", "01" + "01" + "00".repeat(18) + "00", DeliverCommand::decode),
                refused("message that is none", "00".repeat(10) + "04" + "00000000", SendRequest::decode),
                refused(
                        "message of a later format",
                        "00".repeat(10) + "34" + "0000003402" + "00".repeat(47),
                        SendRequest::decode));
    }

    private BranchId branch() {
        byte[] gtrid = new byte[1 + random.nextInt(BranchId.PART_MAX_BYTES)];
        byte[] bqual = new byte[random.nextInt(BranchId.PART_MAX_BYTES + 1)];
        random.nextBytes(gtrid);
        random.nextBytes(bqual);
        return new BranchId(random.nextInt() >>> 1, gtrid, bqual);
    }

    private static Object refsOnly(ByteBuf in) {
        ByteBuf head = Unpooled.wrappedBuffer(HexFormat.of().parseHex("01" + "00" + "01" + "0161" + "0000" + "00"));
        return OpenConsumerRequest.decode(Unpooled.wrappedBuffer(head, in));
    }

    private static DynamicTest refused(String name, String hex, Function<ByteBuf, ?> decoder) {
        return DynamicTest.dynamicTest(name, () -> {
            ByteBuf body = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
            ProtocolException refusal = assertThrows(ProtocolException.class, () -> decoder.apply(body));
            assertTrue(refusal.getMessage().length() > 10, refusal.getMessage());
        });
    }

    private static AcknowledgeRequest acknowledge(List<DeliveryRange> ranges) {
        return new AcknowledgeRequest(Disposition.ACCEPT, true, ranges);
    }

    @Test
    void encodersRefuseWhatNoDecoderTakes() {
        ByteBuf out = Unpooled.buffer();
        assertThrows(IllegalArgumentException.class, () -> new DrainRequest(-1, 0).encode(out));
        assertThrows(
                IllegalArgumentException.class,
                () -> acknowledge(List.of(new DeliveryRange(1, 5, 4))).encode(out));
        List<DeliveryRange> many = java.util.Collections.nCopies(WireBuf.ENTRIES_MAX + 1, new DeliveryRange(1, 1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AcknowledgeRequest(Disposition.ACCEPT, true, many).encode(out));
    }

    @Test
    void varintSizes() {
        for (int bit = 0; bit < 63; bit++) {
            for (long value : new long[] {(1L << bit) - 1, 1L << bit, (1L << bit) + 1}) {
                ByteBuf out = Unpooled.buffer();
                WireBuf.writeVarint(out, value);
                assertEquals(WireBuf.varintBytes(value), out.readableBytes(), "value " + value);
                assertEquals(value, WireBuf.readVarint(out));
            }
        }
    }

    private boolean flag() {
        return random.nextBoolean();
    }

    private int count() {
        return random.nextInt() >>> 1 + random.nextInt(31);
    }

    private long number() {
        return random.nextLong() >>> 1 + random.nextInt(63);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.appendCodePoint(
                    flag() ? random.nextInt(128) : flag() ? random.nextInt(0xd800) : 0x1f600 + random.nextInt(50));
        }
        return text.toString();
    }

    private String optional() {
        return flag() ? null : text();
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private DestinationName name() {
        return new DestinationName(pick(DestinationKind.values()), "n" + text());
    }

    private MessageRef ref() {
        return new MessageRef(random.nextLong(), random.nextLong());
    }

    private DeliveryRange range() {
        long from = number();
        return new DeliveryRange(count(), from, from + random.nextLong(Math.min(1000, Long.MAX_VALUE - from) + 1));
    }

    private List<Delivery> deliveries() {
        List<Delivery> deliveries = list(this::delivery);
        deliveries.add(delivery());
        return deliveries;
    }

    private Delivery delivery() {
        return new Delivery(number(), count(), ref(), message());
    }

    private EncodedMessage message() {
        MessageHead head = new MessageHead();
        head.destination(name());
        head.bodyType(pick(BodyType.values()));
        head.priority(random.nextInt(10));
        head.persistent(flag());
        head.messageId(flag() ? null : new MessageId(random.nextLong(), number()));
        head.correlationId(optional());
        head.type(optional());
        for (int i = random.nextInt(4); i > 0; i--) {
            head.properties().put(text(), pick(new Object[] {text(), count(), number(), flag(), 1.5, null}));
        }
        return EncodedMessage.encode(head, bytes());
    }
}
