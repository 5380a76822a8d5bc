package io.posthorn.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into frames; layout see {@link FrameEncoder}. One per connection, called by its event loop only.
 *
 * <p>Whole frames in a read buffer are not copied: their bodies are slices of it. Only a frame that a buffer's end cuts in
 * two is gathered in a buffer of its own, which grows with what has arrived and never with what the peer announces, up to
 * the frame's length. Length, header form and header length are checked as soon as their bytes are there.
 */
public final class FrameDecoder {

    private static final int GATHER_MIN_BYTES = 1024;

    private int frameMaxBytes;
    private final ByteBufAllocator alloc;

    /** The beginning of the frame that is cut; null when the next byte begins a frame. */
    private ByteBuf partial;

    private boolean closed;

    /** @param frameMaxBytes largest frame, its length field included */
    public FrameDecoder(int frameMaxBytes, ByteBufAllocator alloc) {
        this.frameMaxBytes = frameMaxBytes;
        this.alloc = alloc;
    }

    /** From the next frame on, and for one that is not complete yet: largest frame, its length field included. */
    public void limit(int bytes) {
        frameMaxBytes = bytes;
    }

    /**
     * Takes the next bytes over, whatever happens, and hands over every frame they complete.
     *
     * @param out gets each frame with its reference
     * @throws ProtocolException if the bytes are no frame; the frames before it were handed over, and the decoder is
     *     closed
     */
    public void feed(ByteBuf in, Consumer<Frame> out) {
        try {
            while (!closed && in.isReadable()) {
                Frame frame = partial == null ? fromStart(in) : gather(in);
                if (frame != null) {
                    out.accept(frame);
                }
            }
        } catch (ProtocolException malformed) {
            close();
            throw malformed;
        } finally {
            in.release();
        }
    }

    /** Drops what was gathered; bytes fed later are ignored. May be called from within {@code out}, and repeatedly. */
    public void close() {
        closed = true;
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private Frame fromStart(ByteBuf in) {
        int frameBytes = checkPrefix(in);
        int available = in.readableBytes();
        if (frameBytes > 0 && frameBytes <= available) {
            return decode(in, frameBytes);
        }
        int capacity = Math.max(GATHER_MIN_BYTES, 2 * available);
        partial = alloc.buffer(frameBytes > 0 ? Math.min(frameBytes, capacity) : capacity);
        partial.writeBytes(in);
        return null;
    }

    private Frame gather(ByteBuf in) {
        int frameBytes = checkPrefix(partial);
        int target = frameBytes > 0 ? frameBytes : FrameEncoder.PREFIX_BYTES;
        int take = Math.min(target - partial.readableBytes(), in.readableBytes());
        if (take > partial.writableBytes()) {
            int grown = Math.max(partial.capacity() * 2, partial.writerIndex() + take);
            partial.capacity(Math.min(grown, target));
        }
        partial.writeBytes(in, take);
        frameBytes = checkPrefix(partial);
        if (frameBytes != partial.readableBytes()) {
            return null;
        }
        ByteBuf whole = partial;
        partial = null;
        try {
            return decode(whole, frameBytes);
        } finally {
            whole.release();
        }
    }

    /** Checks what is there of a frame's first eight bytes. @return the frame's length, or 0 when they are not all there */
    private int checkPrefix(ByteBuf in) {
        int available = in.readableBytes();
        if (available < 4) {
            return 0;
        }
        int start = in.readerIndex();
        int length = in.getInt(start);
        if (length < 4 || length > frameMaxBytes - 4) {
            throw new ProtocolException("a frame of " + (length + 4L) + " bytes, the limit is " + frameMaxBytes);
        }
        if (available < FrameEncoder.PREFIX_BYTES) {
            return 0;
        }
        int word = in.getInt(start + 4);
        int headerBytes = word & 0xff_ffff;
        if (word >>> 24 > SerializeType.BINARY.ordinal()) {
            throw new ProtocolException("unknown header form " + (word >>> 24));
        }
        if (headerBytes > length - 4 || headerBytes > FrameHeader.HEADER_MAX_BYTES) {
            throw new ProtocolException("a header of " + headerBytes + " bytes in a frame of " + (length + 4));
        }
        return length + 4;
    }

    private static Frame decode(ByteBuf in, int frameBytes) {
        int start = in.readerIndex();
        int word = in.getInt(start + 4);
        int headerEnd = start + FrameEncoder.PREFIX_BYTES + (word & 0xff_ffff);
        in.readerIndex(start + FrameEncoder.PREFIX_BYTES);
        SerializeType type;
        FrameHeader header;
        if (word >>> 24 == SerializeType.JSON.ordinal()) {
            type = SerializeType.JSON;
            byte[] bytes = new byte[word & 0xff_ffff];
            in.readBytes(bytes);
            header = JsonHeaderCodec.decode(bytes);
        } else {
            type = SerializeType.BINARY;
            header = BinaryHeaderCodec.decode(in, headerEnd);
        }
        int bodyBytes = start + frameBytes - headerEnd;
        return new Frame(header, type, bodyBytes == 0 ? Unpooled.EMPTY_BUFFER : in.readRetainedSlice(bodyBytes));
    }
}
