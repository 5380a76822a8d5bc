package io.posthorn.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Where the encoded commands of one connection go: straight into its socket, on whatever thread that is, or, when the socket is full
 * or of another kind, through Netty, on the event loop. Belongs to whoever holds the lock of {@link ConnectionWriter}.
 *
 * <p>What the socket does not take is kept as the rest. Until the event loop has given it to Netty, and Netty has got rid of it, nothing
 * is written directly. After a failed write nothing is written any more: the {@link #failure} ends the connection.
 */
final class SocketOutput {

    private static final int BATCH_MAX = 64;
    private static final int BATCH_MAX_BYTES = 256 * 1024;

    private final Channel channel;
    private final ByteBuf[] batch = new ByteBuf[BATCH_MAX];
    private final ByteBuffer[] views = new ByteBuffer[BATCH_MAX];
    private final ArrayDeque<Rest> rest = new ArrayDeque<>();

    /** Null while direct writing is off. */
    private DirectSocketChannel socket;

    private int count;
    private int batchBytes;
    private IOException failure;

    /** @param ended told when it is written, or dropped; or null */
    private record Rest(ByteBuf bytes, Runnable ended) {}

    SocketOutput(Channel channel) {
        this.channel = channel;
    }

    /** Allows direct writing, if the channel is of the kind: nothing stands between us and the socket that changes bytes. */
    void allowDirect() {
        socket = channel instanceof DirectSocketChannel direct ? direct : null;
    }

    /** Whether {@link #add} may be called. */
    boolean isDirect() {
        return socket != null && failure == null && rest.isEmpty() && socket.isClear();
    }

    /** Takes an encoded command over, to be written soon; full batches are written at once. After {@link #isDirect}. */
    void add(ByteBuf bytes) {
        ByteBuf whole = bytes.nioBufferCount() == 1 ? bytes : joined(bytes);
        batch[count++] = whole;
        batchBytes += whole.readableBytes();
        if (count == BATCH_MAX || batchBytes >= BATCH_MAX_BYTES) {
            write();
        }
    }

    /** In one piece. The JDK would copy several into memory of the calling thread, which keeps it for as long as it lives. */
    private ByteBuf joined(ByteBuf pieces) {
        ByteBuf whole = channel.alloc().directBuffer(pieces.readableBytes());
        try {
            return whole.writeBytes(pieces);
        } finally {
            pieces.release();
        }
    }

    /** Writes what has been added. @return whether the socket has taken all of it */
    boolean write() {
        if (count > 0 && failure == null && rest.isEmpty()) {
            try {
                writeOnce();
            } catch (IOException broken) {
                failure = broken;
            }
        }
        for (int i = 0; i < count; i++) {
            ByteBuf bytes = batch[i];
            batch[i] = null;
            if (failure == null && bytes.isReadable()) {
                rest.add(new Rest(bytes, null));
            } else {
                bytes.release();
            }
        }
        count = 0;
        batchBytes = 0;
        return failure == null && rest.isEmpty();
    }

    private void writeOnce() throws IOException {
        if (count == 1) {
            ByteBuf only = batch[0];
            ByteBuffer view = only.internalNioBuffer(only.readerIndex(), only.readableBytes());
            int before = view.remaining();
            socket.write(view);
            only.skipBytes(before - view.remaining());
            return;
        }
        for (int i = 0; i < count; i++) {
            ByteBuf each = batch[i];
            views[i] = each.internalNioBuffer(each.readerIndex(), each.readableBytes());
        }
        try {
            socket.write(views, count);
            for (int i = 0; i < count; i++) {
                batch[i].skipBytes(batch[i].readableBytes() - views[i].remaining());
            }
        } finally {
            for (int i = 0; i < count; i++) {
                views[i] = null;
            }
        }
    }

    /** Whether there is something that the event loop has to pass on. */
    boolean hasRest() {
        return !rest.isEmpty();
    }

    /** Why direct writing has failed, or null. */
    IOException failure() {
        return failure;
    }

    /** Tells when the rest is written, or dropped. */
    void afterRest(Runnable ended) {
        rest.add(new Rest(Unpooled.EMPTY_BUFFER, ended));
    }

    /** Event loop: gives the rest to Netty, unflushed. */
    void passRestOn() {
        Rest next;
        while ((next = rest.poll()) != null) {
            if (next.ended == null) {
                pass(next.bytes);
            } else {
                pass(next.bytes, next.ended);
            }
        }
    }

    /** Event loop: gives an encoded command to Netty, unflushed. */
    void pass(ByteBuf bytes) {
        // A failed write arrives in exceptionCaught; a promise for each would be garbage.
        channel.write(bytes, channel.voidPromise());
    }

    /** Event loop: as {@link #pass}, with somebody who is told, there, when the socket has taken it or is closed. */
    void pass(ByteBuf bytes, Runnable ended) {
        channel.write(bytes).addListener((ChannelFutureListener) done -> ended.run());
    }

    /** The connection is gone: drops the rest. */
    void discard() {
        Rest next;
        while ((next = rest.poll()) != null) {
            next.bytes.release();
            if (next.ended != null) {
                next.ended.run();
            }
        }
    }
}
