package io.posthorn.protocol.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.FrameEncoder;
import io.posthorn.protocol.Frames;
import io.posthorn.protocol.HexFixture;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.SerializeType;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Version 1 of every verb, frozen: the samples must be read, and be written again to the byte. */
class VerbFixtureTest {

    static Stream<VerbSamples.Sample<?>> samples() {
        return Stream.concat(VerbSamples.all().stream(), ClusterVerbSamples.all().stream());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void frozenBytesAreReadAndWritten(VerbSamples.Sample<?> sample) {
        byte[] bytes = HexFixture.load(sample.fixture());
        Frame frame = Frames.decode(bytes);
        assertEquals(sample.code(), frame.code());
        assertEquals(sample.flag(), frame.flag());
        assertEquals(SerializeType.BINARY, frame.serializeType());
        Object decoded = sample.decode(frame.body().duplicate());
        assertEquals(Records.content(sample.expected()), Records.content(decoded));

        ByteBuf body = FrameEncoder.newBody(UnpooledByteBufAllocator.DEFAULT, 16);
        sample.encode(body);
        ByteBuf encoded = FrameEncoder.encodeBare(
                sample.code(),
                frame.isResponse(),
                frame.isOneWay(),
                frame.opaque(),
                body,
                UnpooledByteBufAllocator.DEFAULT);
        assertArrayEquals(bytes, ByteBufUtil.getBytes(encoded));
    }

    /** Longer forms of a body, by their first forms: the fields they add may be missing. */
    private static final Map<String, String> GROWN = Map.of(
            "connect-request-features", "connect-request-anonymous",
            "replica-fence-response", "replica-fence-response-silent",
            "replica-hello-request-readable", "replica-hello-request",
            "replica-hello-request-format", "replica-hello-request-readable",
            "replica-hello-response-format", "replica-hello-response",
            "replica-status-response-reads", "replica-status-response",
            "replica-status-response-format", "replica-status-response-reads");

    static Stream<VerbSamples.Sample<?>> firstForms() {
        return samples().filter(sample -> !GROWN.containsKey(sample.fixture()));
    }

    /** Whatever comes behind an earlier form is read as the fields that were added since. */
    static Stream<VerbSamples.Sample<?>> latestForms() {
        return samples()
                .filter(sample -> !GROWN.containsValue(sample.fixture())
                        && !sample.fixture().equals("connect-request"));
    }

    @ParameterizedTest
    @CsvSource({
        "connect-request-features, 1",
        "replica-fence-response, 1",
        "replica-hello-request-format, 2",
        "replica-hello-response-format, 1",
        "replica-status-response-format, 2"
    })
    void addedFieldsMayBeMissing(String fixture, int earlierForms) {
        VerbSamples.Sample<?> sample = samples()
                .filter(one -> one.fixture().equals(fixture))
                .findFirst()
                .orElseThrow();
        ByteBuf body = Frames.decode(HexFixture.load(fixture)).body();
        List<Integer> accepted = new ArrayList<>();
        for (int length = 0; length < body.readableBytes(); length++) {
            ByteBuf cut = body.slice(0, length);
            try {
                ByteBuf again = Unpooled.buffer();
                encode(sample, sample.decode(cut), again);
                assertEquals(body.slice(0, length), again);
                accepted.add(length);
            } catch (ProtocolException refused) {
                assertTrue(accepted.isEmpty() || length > accepted.get(0));
            }
        }
        assertEquals(earlierForms, accepted.size(), "lengths of earlier forms: " + accepted);
    }

    @SuppressWarnings("unchecked")
    private static <T> void encode(VerbSamples.Sample<T> sample, Object value, ByteBuf out) {
        sample.encoder().accept((T) value, out);
    }

    @ParameterizedTest
    @MethodSource("firstForms")
    void everyCutBodyIsRefused(VerbSamples.Sample<?> sample) {
        ByteBuf body = Frames.decode(HexFixture.load(sample.fixture())).body();
        for (int length = 0; length < body.readableBytes(); length++) {
            ByteBuf cut = body.slice(0, length);
            assertThrows(ProtocolException.class, () -> sample.decode(cut), "cut to " + length + " bytes");
        }
    }

    @ParameterizedTest
    @MethodSource("latestForms")
    void fieldsOfLaterVersionsAreIgnored(VerbSamples.Sample<?> sample) {
        ByteBuf body = Frames.decode(HexFixture.load(sample.fixture())).body();
        ByteBuf longer = Unpooled.copiedBuffer(body, Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
        assertEquals(Records.content(sample.expected()), Records.content(sample.decode(longer)));
        assertEquals(3, longer.readableBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "close-request, 7003",
        "ping-request, 7004",
        "xa-recover-request, 7065",
        "xa-list-request, 7068",
        "groups-request, 7241",
        "replica-status-request, 7203",
        "finalize-request, 7208"
    })
    void requestsWithoutBody(String fixture, int code) {
        byte[] bytes = HexFixture.load(fixture);
        Frame frame = Frames.decode(bytes);
        assertEquals(code, frame.code());
        assertEquals(0, frame.body().readableBytes());
        assertArrayEquals(bytes, Frames.encode(frame));
    }

    @Test
    void everyCodeOfTheExtensionHasASample() throws ReflectiveOperationException {
        Set<Integer> sampled = new HashSet<>(Set.of(
                RequestCode.CLOSE,
                RequestCode.PING,
                RequestCode.XA_RECOVER,
                RequestCode.XA_LIST,
                RequestCode.GROUPS,
                RequestCode.REPLICA_STATUS,
                RequestCode.FINALIZE));
        samples().forEach(sample -> sampled.add(sample.code()));
        for (Field field : RequestCode.class.getFields()) {
            int code = field.getInt(null);
            if (code >= 7000 && code < 7900) {
                assertTrue(sampled.contains(code), field.getName());
            }
        }
    }

    @Test
    void everyRecordHasASample() throws Exception {
        Set<String> sampled = new HashSet<>(Set.of("Delivery", "DeliveryRange", "MessageRef"));
        samples().forEach(sample -> sampled.add(sample.expected().getClass().getSimpleName()));
        java.nio.file.Path classes = java.nio.file.Path.of(ConnectRequest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var files = java.nio.file.Files.list(classes.resolve("io/posthorn/protocol/api"))) {
            for (String name : files.map(file -> file.getFileName().toString()).toList()) {
                if (name.matches("[A-Za-z]+\\.class") && !name.startsWith("package")) {
                    Class<?> type = Class.forName("io.posthorn.protocol.api." + name.replace(".class", ""));
                    assertTrue(!type.isRecord() || sampled.contains(type.getSimpleName()), name);
                }
            }
        }
    }
}
