package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;

/** Writes the body of a successful answer. */
interface Answer<R> {

    /** An answer without a body. */
    static <R> Answer<R> empty() {
        return (response, connection) -> Unpooled.EMPTY_BUFFER;
    }

    /** The body; ownership passes to the caller. */
    ByteBuf body(R response, FrameConnection connection);
}
