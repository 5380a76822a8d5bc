package io.posthorn.net;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A client's channel on Java's own sockets that other threads than its event loop may write to. Who writes holds the lock of {@link
 * ConnectionWriter}; Netty's own writes happen only while {@link #isClear} is false.
 */
final class DirectSocketChannel extends NioSocketChannel {

    /** Whether Netty has nothing to write, so that bytes written now come after all that it has been given. Any thread. */
    boolean isClear() {
        ChannelOutboundBuffer buffer = unsafe().outboundBuffer();
        // An entry counts until the socket has taken its last byte.
        return buffer != null && buffer.totalPendingWriteBytes() == 0;
    }

    /** Writes what the socket takes; never waits. A thread that is interrupted writes like any other. */
    void write(ByteBuffer bytes) throws IOException {
        javaChannel().write(bytes);
    }

    /** As {@link #write(ByteBuffer)}, the first so many of several. */
    void write(ByteBuffer[] bytes, int count) throws IOException {
        javaChannel().write(bytes, 0, count);
    }
}
