package io.posthorn.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.posthorn.protocol.api.VerbSamples;
import io.posthorn.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random bytes and damaged frames, cut at random points, into the frame decoder and on into the body decoders. Nothing but
 * a ProtocolException may come out, nothing may hang, leak, or allocate more than has arrived or the limit. Runs 3 s, or
 * {@code -Dfuzz.seconds}; {@code -Dfuzz.seed} repeats a reported failure.
 */
class FrameDecoderFuzzTest {

    private static final int FRAME_MAX_BYTES = 64 * 1024;

    private final CountingAllocator alloc = new CountingAllocator();
    private final List<byte[]> corpus = new ArrayList<>();
    private volatile long seed;
    private long rounds;
    private long frames;
    private long bodies;
    private long refusals;

    @Test
    void onlyProtocolExceptionsComeOut() {
        for (VerbSamples.Sample<?> sample : VerbSamples.all()) {
            corpus.add(HexFixture.load(sample.fixture()));
        }
        for (String name : List.of(
                "frame-json-request",
                "frame-binary-request",
                "frame-json-response",
                "frame-binary-response",
                "frame-binary-ext")) {
            corpus.add(HexFixture.load(name));
        }
        Clock clock = Clock.system();
        Duration duration = Duration.ofSeconds(Long.getLong("fuzz.seconds", 3));
        assertTimeoutPreemptively(duration.plusSeconds(60), () -> run(clock, duration), () -> "hangs in seed " + seed);
        if (Long.getLong("fuzz.seconds") != null) {
            System.out.println("fuzzed " + rounds + " streams: " + frames + " frames, " + bodies + " bodies, "
                    + refusals + " refusals, largest allocation " + alloc.largest);
        }
        assertTrue(frames > 100 && bodies > 100 && refusals > 100, frames + " " + bodies + " " + refusals);
    }

    private void run(Clock clock, Duration duration) {
        long endNs = clock.monotonicNs() + duration.toNanos();
        seed = Long.getLong("fuzz.seed", clock.wallMs());
        do {
            try {
                round(new SplittableRandom(seed));
            } catch (RuntimeException | Error unexpected) {
                fail("-Dfuzz.seed=" + seed, unexpected);
            }
            seed++;
            rounds++;
        } while (clock.monotonicNs() < endNs);
    }

    private void round(SplittableRandom random) {
        byte[] stream = stream(random);
        FrameDecoder decoder = new FrameDecoder(FRAME_MAX_BYTES, alloc);
        int at = 0;
        int pieceMax = 1 + random.nextInt(random.nextBoolean() ? 8 : 20_000);
        try {
            while (at < stream.length) {
                int length = Math.min(stream.length - at, 1 + random.nextInt(pieceMax));
                ByteBuf piece = Unpooled.copiedBuffer(stream, at, length);
                at += length;
                alloc.allowance = Math.min(FRAME_MAX_BYTES, Math.max(1024, 2 * at));
                try {
                    decoder.feed(piece, frame -> decodeBody(frame, random));
                } finally {
                    assertEquals(0, piece.refCnt(), "read buffer leaked");
                }
            }
        } catch (ProtocolException refused) {
            refusals++;
        } finally {
            decoder.close();
        }
        assertEquals(0, alloc.live, "buffers leaked");
    }

    private byte[] stream(SplittableRandom random) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[random.nextInt(5000)];
            random.nextBytes(noise);
            return noise;
        }
        ByteBuf out = Unpooled.buffer();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            byte[] frame = random.nextInt(8) == 0
                    ? Frames.encode(FrameCodecTest.randomFrame(random))
                    : corpus.get(random.nextInt(corpus.size())).clone();
            mutate(frame, random);
            out.writeBytes(frame, 0, random.nextInt(8) == 0 ? random.nextInt(frame.length) : frame.length);
        }
        return ByteBufUtil.getBytes(out);
    }

    private static void mutate(byte[] frame, SplittableRandom random) {
        for (int i = random.nextInt(5); i > 0; i--) {
            // Most fields that count things are near the front, so the damage goes there half of the time.
            int at = random.nextInt(random.nextBoolean() ? frame.length : Math.min(frame.length, 40));
            frame[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (frame[at] ^ 1 << random.nextInt(8));
        }
    }

    private void decodeBody(Frame frame, SplittableRandom random) {
        frames++;
        List<VerbSamples.Sample<?>> samples = VerbSamples.all();
        try {
            for (VerbSamples.Sample<?> sample : samples) {
                if (sample.code() == frame.code() || random.nextInt(samples.size()) == 0) {
                    sample.decode(frame.body().duplicate());
                    bodies++;
                }
            }
        } catch (ProtocolException refused) {
            refusals++;
        } finally {
            frame.release();
        }
    }

    /** Counts live buffers, and refuses to allocate beyond an allowance. */
    private static final class CountingAllocator extends AbstractByteBufAllocator {

        private final UnpooledByteBufAllocator unpooled = new UnpooledByteBufAllocator(false);
        private int live;
        private int largest;
        private int allowance;

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            check(initialCapacity);
            live++;
            return new UnpooledHeapByteBuf(unpooled, initialCapacity, maxCapacity) {
                @Override
                public ByteBuf capacity(int newCapacity) {
                    check(newCapacity);
                    return super.capacity(newCapacity);
                }

                @Override
                protected void deallocate() {
                    live--;
                    super.deallocate();
                }
            };
        }

        private void check(int capacity) {
            largest = Math.max(largest, capacity);
            if (capacity > allowance) {
                throw new AssertionError(capacity + " bytes allocated, " + allowance + " allowed");
            }
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return newHeapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }
}
