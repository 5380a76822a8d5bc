package io.posthorn.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The frame and its two header forms, against RocketMQ's samples and against frozen bytes. */
class FrameCodecTest {

    private static final ByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;

    @Test
    void jsonSampleOfTheContract() {
        String header = "{\"code\":105,\"extFields\":{\"topic\":\"T1\"},\"flag\":0,\"language\":\"JAVA\",\"opaque\":7,"
                + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":479}";
        byte[] sample = concat(HexFormat.of().parseHex("000000800000007c"), header.getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(sample, HexFixture.load("frame-json-request"));
        Frame frame = Frames.decode(sample);
        assertRouteRequest(frame, SerializeType.JSON);
        assertArrayEquals(sample, Frames.encode(frame));
    }

    @Test
    void binarySampleOfTheContract() {
        byte[] sample = HexFormat.of()
                .parseHex("00000026" + "01000022" + "0069" + "00" + "01df" + "00000007" + "00000000" + "00000000"
                        + "0000000d" + "0005" + "746f706963" + "00000002" + "5431");
        assertArrayEquals(sample, HexFixture.load("frame-binary-request"));
        Frame frame = Frames.decode(sample);
        assertRouteRequest(frame, SerializeType.BINARY);
        assertArrayEquals(sample, Frames.encode(frame));
    }

    private static void assertRouteRequest(Frame frame, SerializeType type) {
        assertEquals(RequestCode.GET_ROUTEINFO_BY_TOPIC, frame.code());
        assertEquals(type, frame.serializeType());
        assertEquals(Map.of("topic", "T1"), frame.ext());
        assertEquals(7, frame.opaque());
        assertEquals(0, frame.flag());
        assertEquals(479, frame.version());
        assertEquals(Frame.LANGUAGE_JAVA, frame.language());
        assertNull(frame.remark());
        assertSame(Unpooled.EMPTY_BUFFER, frame.body());
    }

    @Test
    void frozenResponses() {
        Frame json = Frames.decode(HexFixture.load("frame-json-response"));
        assertTrue(json.isResponse());
        assertEquals(17, json.code());
        assertEquals(-3, json.opaque());
        assertEquals("no \"T1\" — nowhere", json.remark());
        assertEquals(Map.of("a", "1", "b", "\u0001x\u0002"), json.ext());
        assertEquals("{}", json.body().toString(StandardCharsets.UTF_8));
        assertArrayEquals(HexFixture.load("frame-json-response"), Frames.encode(json));

        Frame binary = Frames.decode(HexFixture.load("frame-binary-response"));
        assertEquals(7905, binary.code());
        assertEquals(Integer.MAX_VALUE, binary.opaque());
        assertEquals("no such queue: orders", binary.remark());
        assertEquals(1, binary.body().readableBytes());
        assertArrayEquals(HexFixture.load("frame-binary-response"), Frames.encode(binary));

        Frame ext = Frames.decode(HexFixture.load("frame-binary-ext"));
        assertTrue(ext.isOneWay());
        assertEquals(Map.of("k", "v", "empty", ""), ext.ext());
        assertArrayEquals(HexFixture.load("frame-binary-ext"), Frames.encode(ext));
    }

    @Test
    void answersTakeFormAndOpaqueOfTheirRequest() {
        for (SerializeType type : SerializeType.values()) {
            Frame request =
                    Frame.request(105, type, Map.of(), Unpooled.EMPTY_BUFFER).withOpaque(42);
            Frame response = Frame.response(request, 17, "why", Map.of("a", "b"), Unpooled.EMPTY_BUFFER);
            Frame read = Frames.decode(Frames.encode(response));
            assertTrue(read.isResponse());
            assertEquals(type, read.serializeType());
            assertEquals(42, read.opaque());
            assertEquals("why", read.remark());
            assertEquals(Map.of("a", "b"), read.ext());
        }
    }

    @TestFactory
    List<DynamicTest> tolerated() {
        return List.of(
                json("no extFields", "{\"code\":34}", frame -> assertEquals(Map.of(), frame.ext())),
                json("null everywhere", "{\"code\":34,\"extFields\":null,\"remark\":null,\"opaque\":null}", frame -> {
                    assertEquals(Map.of(), frame.ext());
                    assertNull(frame.remark());
                }),
                json(
                        "unknown fields",
                        "{\"code\":34,\"suspended\":[{\"a\":1}],\"x\":null}",
                        frame -> assertEquals(34, frame.code())),
                json(
                        "numbers and booleans as ext",
                        "{\"code\":1,\"extFields\":{\"a\":5,\"b\":true,\"c\":null}}",
                        frame -> assertEquals(Map.of("a", "5", "b", "true"), frame.ext())),
                json(
                        "unknown language",
                        "{\"code\":1,\"language\":\"ZIG\"}",
                        frame -> assertEquals(7, frame.language())),
                json("Go", "{\"code\":1,\"language\":\"GO\"}", frame -> assertEquals(9, frame.language())),
                json("large code", "{\"code\":200050}", frame -> assertEquals(200050, frame.code())),
                json("blanks", " {\n\"code\" : 7 }\t", frame -> assertEquals(7, frame.code())));
    }

    private static DynamicTest json(String name, String header, java.util.function.Consumer<Frame> check) {
        return DynamicTest.dynamicTest(name, () -> check.accept(Frames.decode(jsonFrame(header))));
    }

    @TestFactory
    List<DynamicTest> malformed() {
        return List.of(
                malformed("negative length", HexFormat.of().parseHex("ffffffff")),
                malformed("length below the type field", HexFormat.of().parseHex("00000003")),
                malformed("length over the limit", HexFormat.of().parseHex("00fffffd")),
                malformed("largest length", HexFormat.of().parseHex("7fffffff")),
                malformed("header longer than the frame", HexFormat.of().parseHex("00000008" + "00000005")),
                malformed("header over its limit", HexFormat.of().parseHex("00f00000" + "00040001")),
                malformed("unknown header form", HexFormat.of().parseHex("00000008" + "02000004")),
                malformed("header form 255", HexFormat.of().parseHex("00000008" + "ff000004")),
                malformed("TLS hello", HexFormat.of().parseHex("160301020001")),
                malformed("HTTP", "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)),
                malformed("empty JSON header", jsonFrame("")),
                malformed("JSON array", jsonFrame("[]")),
                malformed("JSON cut", jsonFrame("{\"code\":1")),
                malformed("JSON with a tail", jsonFrame("{\"code\":1}}")),
                malformed("no code", jsonFrame("{\"opaque\":1}")),
                malformed("code as text", jsonFrame("{\"code\":\"1\"}")),
                malformed("code over 32 bits", jsonFrame("{\"code\":4294967296}")),
                malformed("fractional opaque", jsonFrame("{\"code\":1,\"opaque\":1.5}")),
                malformed("ext as list", jsonFrame("{\"code\":1,\"extFields\":[]}")),
                malformed("object in ext", jsonFrame("{\"code\":1,\"extFields\":{\"a\":{}}}")),
                malformed("deep nesting", jsonFrame("[".repeat(40) + "]".repeat(40))),
                malformed("short binary header", binaryFrame("0069" + "00" + "01df" + "00000007")),
                malformed("remark over the end", binaryFrame(bare("00000001") + "00000000")),
                malformed("negative remark", binaryFrame(bare("ffffffff") + "00000000")),
                malformed("ext longer than the header", binaryFrame(bare("00000000") + "00000001")),
                malformed("ext shorter than the header", binaryFrame(bare("00000000") + "00000000" + "00")),
                malformed("ext entry cut", binaryFrame(bare("00000000") + "00000003" + "000161")),
                malformed("negative key", binaryFrame(bare("00000000") + "00000006" + "ffff" + "00000000")),
                malformed("negative value", binaryFrame(bare("00000000") + "00000006" + "0000" + "ffffffff")),
                malformed("value over the end", binaryFrame(bare("00000000") + "00000006" + "0000" + "00000001")),
                malformed(
                        "too many ext entries",
                        binaryFrame(bare("00000000")
                                + HexFormat.of().toHexDigits(1025 * 6)
                                + "000000000000".repeat(1025))));
    }

    private static DynamicTest malformed(String name, byte[] bytes) {
        return DynamicTest.dynamicTest(name, () -> {
            ProtocolException whole = assertThrows(ProtocolException.class, () -> Frames.decodeAll(bytes));
            assertTrue(whole.getMessage().length() > 10, whole.getMessage());
            FrameDecoder decoder = new FrameDecoder(Frames.FRAME_MAX_BYTES, ALLOC);
            assertThrows(ProtocolException.class, () -> {
                for (byte b : bytes) {
                    decoder.feed(Unpooled.wrappedBuffer(new byte[] {b}), frame -> {});
                }
            });
        });
    }

    @Test
    void framesBeforeAMalformedOneAreHandedOver() {
        byte[] good = Frames.encode(Frame.request(7, SerializeType.BINARY, Map.of(), Unpooled.EMPTY_BUFFER));
        List<Frame> frames = new java.util.ArrayList<>();
        FrameDecoder decoder = new FrameDecoder(Frames.FRAME_MAX_BYTES, ALLOC);
        ByteBuf bytes = Unpooled.wrappedBuffer(concat(good, HexFormat.of().parseHex("ffffffff")));
        assertThrows(ProtocolException.class, () -> decoder.feed(bytes, frames::add));
        assertEquals(1, frames.size());
        assertEquals(0, bytes.refCnt());
        ByteBuf later = Unpooled.wrappedBuffer(good);
        decoder.feed(later, frames::add);
        assertEquals(1, frames.size(), "a failed decoder ignores what comes later");
        assertEquals(0, later.refCnt());
    }

    @Test
    void frameOfExactlyTheLimitPassesAndOneByteMoreDoesNot() {
        int limit = 4096;
        byte[] fits = Frames.encode(
                Frame.request(7, SerializeType.BINARY, Map.of(), Unpooled.wrappedBuffer(new byte[limit - 29])));
        assertEquals(limit, fits.length);
        List<Frame> frames = new java.util.ArrayList<>();
        new FrameDecoder(limit, ALLOC).feed(Unpooled.wrappedBuffer(fits), frames::add);
        assertEquals(limit - 29, frames.get(0).body().readableBytes());
        byte[] over = Frames.encode(
                Frame.request(7, SerializeType.BINARY, Map.of(), Unpooled.wrappedBuffer(new byte[limit - 28])));
        assertThrows(
                ProtocolException.class,
                () -> new FrameDecoder(limit, ALLOC).feed(Unpooled.wrappedBuffer(over), frames::add));
    }

    @Test
    void aBodyWithRoomIsSentWithoutACopy() {
        for (ByteBufAllocator alloc : List.of(ALLOC, PooledByteBufAllocator.DEFAULT, ByteBufAllocator.DEFAULT)) {
            ByteBuf body = FrameEncoder.newBody(alloc, 100).writeBytes(new byte[] {1, 2, 3});
            boolean plain = body.unwrap() == null;
            ByteBuf bytes = FrameEncoder.encodeBare(7010, false, false, 0, body, alloc);
            if (plain) {
                assertSame(body, bytes);
            }
            FrameEncoder.setOpaque(bytes, 99);
            assertBare(bytes, 7010, 99, new byte[] {1, 2, 3});
        }
    }

    @Test
    void otherBodiesAreCopiedOrJoined() {
        for (int size : new int[] {0, 1, 1000, 1024, 1025, 100_000}) {
            byte[] content = new byte[size];
            new SplittableRandom(size).nextBytes(content);
            ByteBuf shared = Unpooled.wrappedBuffer(concat(new byte[29], content));
            ByteBuf bytes = FrameEncoder.encodeBare(
                    7030, false, true, 0, shared.retainedSlice(29, size), PooledByteBufAllocator.DEFAULT);
            FrameEncoder.setOpaque(bytes, -1);
            assertBare(bytes, 7030, -1, content);
            assertEquals(1, shared.refCnt());
            shared.release();
        }
    }

    private static void assertBare(ByteBuf bytes, int code, int opaque, byte[] body) {
        Frame frame = Frames.decode(ByteBufUtil.getBytes(bytes));
        bytes.release();
        assertEquals(0, bytes.refCnt());
        assertEquals(code, frame.code());
        assertEquals(opaque, frame.opaque());
        assertEquals(479, frame.version());
        assertEquals(Map.of(), frame.ext());
        assertNull(frame.remark());
        assertArrayEquals(body, ByteBufUtil.getBytes(frame.body()));
    }

    @Test
    void codesThatDoNotFitTheBinaryFormAreRefused() {
        ByteBuf body = ALLOC.buffer().writeByte(1);
        Frame frame = Frame.request(200050, SerializeType.BINARY, Map.of(), body);
        assertThrows(IllegalArgumentException.class, () -> FrameEncoder.encode(frame, ALLOC));
        assertEquals(0, body.refCnt());
        ByteBuf bare = ALLOC.buffer().writeByte(1);
        assertThrows(
                IllegalArgumentException.class, () -> FrameEncoder.encodeBare(40_000, false, false, 0, bare, ALLOC));
        assertEquals(0, bare.refCnt());
    }

    @Test
    void roundTripsOfRandomFramesInRandomPieces() {
        SplittableRandom random = new SplittableRandom(20261122);
        for (int round = 0; round < 300; round++) {
            Frame frame = randomFrame(random);
            byte[] bytes = Frames.encode(frame);
            List<Frame> frames = new java.util.ArrayList<>();
            FrameDecoder decoder = new FrameDecoder(Frames.FRAME_MAX_BYTES, ALLOC);
            int at = 0;
            while (at < bytes.length) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 5000));
                decoder.feed(Unpooled.copiedBuffer(bytes, at, length), frames::add);
                at += length;
            }
            assertEquals(1, frames.size(), "round " + round);
            assertArrayEquals(bytes, Frames.encode(frames.get(0)), "round " + round);
        }
    }

    static Frame randomFrame(SplittableRandom random) {
        Map<String, String> ext = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            ext.put("k" + random.nextInt(1000), randomText(random));
        }
        byte[] body = new byte[random.nextInt(10) == 0 ? random.nextInt(300_000) : random.nextInt(100)];
        random.nextBytes(body);
        SerializeType type = random.nextBoolean() ? SerializeType.JSON : SerializeType.BINARY;
        Frame request = Frame.request(random.nextInt(32768), type, ext, Unpooled.wrappedBuffer(body))
                .withOpaque(random.nextInt());
        if (random.nextBoolean()) {
            return request;
        }
        String remark = random.nextBoolean() ? null : "r" + randomText(random);
        return Frame.response(request, random.nextInt(8000), remark, ext, request.body());
    }

    private static String randomText(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int kind = random.nextInt(4);
            text.appendCodePoint(
                    kind == 0
                            ? random.nextInt(32)
                            : kind == 1 ? 0x1f600 + random.nextInt(50) : 32 + random.nextInt(2000));
        }
        return text.toString();
    }

    private static String bare(String remark) {
        return "0069" + "00" + "01df" + "00000007" + "00000000" + remark;
    }

    private static byte[] binaryFrame(String headerHex) {
        byte[] header = HexFormat.of().parseHex(headerHex);
        HexFormat hex = HexFormat.of();
        return concat(
                hex.parseHex(hex.toHexDigits(4 + header.length) + hex.toHexDigits(1 << 24 | header.length)), header);
    }

    private static byte[] jsonFrame(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        HexFormat hex = HexFormat.of();
        return concat(hex.parseHex(hex.toHexDigits(4 + bytes.length) + hex.toHexDigits(bytes.length)), bytes);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
