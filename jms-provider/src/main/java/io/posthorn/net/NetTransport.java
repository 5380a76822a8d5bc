package io.posthorn.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Event loops and the kinds of channel that run on them: the seam for a native transport. The {@link FrameServer} or {@link
 * FrameClient} that gets one owns it, and shuts the event loops down when it is closed.
 */
public record NetTransport(
        EventLoopGroup group,
        ChannelFactory<? extends ServerChannel> serverChannels,
        ChannelFactory<? extends Channel> clientChannels) {

    /** Java's own sockets. */
    // NioEventLoopGroup is deprecated in Netty 4.2, but its successor does not exist in 4.1, and applications bring
    // either.
    @SuppressWarnings("deprecation")
    public static NetTransport nio(int threads, String threadNamePrefix, boolean daemon) {
        return new NetTransport(
                new NioEventLoopGroup(threads, new DefaultThreadFactory(threadNamePrefix, daemon)),
                NioServerSocketChannel::new,
                NioSocketChannel::new);
    }
}
