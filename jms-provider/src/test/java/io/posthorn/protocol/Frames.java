package io.posthorn.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Frames to arrays and back, for tests. */
public final class Frames {

    public static final int FRAME_MAX_BYTES = 16 * 1024 * 1024;

    private Frames() {}

    public static List<Frame> decodeAll(byte[] bytes) {
        List<Frame> frames = new ArrayList<>();
        FrameDecoder decoder = new FrameDecoder(FRAME_MAX_BYTES, UnpooledByteBufAllocator.DEFAULT);
        try {
            decoder.feed(Unpooled.wrappedBuffer(bytes), frames::add);
        } finally {
            decoder.close();
        }
        return frames;
    }

    public static Frame decode(byte[] bytes) {
        List<Frame> frames = decodeAll(bytes);
        if (frames.size() != 1) {
            throw new AssertionError(frames.size() + " frames instead of one");
        }
        return frames.get(0);
    }

    public static byte[] encode(Frame frame) {
        ByteBuf out = FrameEncoder.encode(frame, UnpooledByteBufAllocator.DEFAULT);
        try {
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }
}
