package io.posthorn.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * Event loops and the kinds of channel that run on them: the seam for a native transport. The {@link FrameServer} or {@link
 * FrameClient} that gets one owns it, and shuts the event loops down when it is closed.
 *
 * @param threads the threads of the event loops as far as they have been started and are known, to wait for their end
 */
public record NetTransport(
        EventLoopGroup group,
        ChannelFactory<? extends ServerChannel> serverChannels,
        ChannelFactory<? extends Channel> clientChannels,
        Collection<Thread> threads) {

    /** Java's own sockets. */
    // NioEventLoopGroup is deprecated in Netty 4.2, but its successor does not exist in 4.1, and applications bring
    // either.
    @SuppressWarnings("deprecation")
    public static NetTransport nio(int threads, String threadNamePrefix, boolean daemon) {
        return of(
                noted -> new NioEventLoopGroup(threads, noted),
                new DefaultThreadFactory(threadNamePrefix, daemon),
                NioServerSocketChannel::new,
                DirectSocketChannel::new);
    }

    /**
     * Event loops of any kind, with their threads noted as they are started.
     *
     * @param loops makes the event loops with the thread factory it is given
     * @param factory makes the threads
     */
    public static NetTransport of(
            Function<ThreadFactory, EventLoopGroup> loops,
            ThreadFactory factory,
            ChannelFactory<? extends ServerChannel> serverChannels,
            ChannelFactory<? extends Channel> clientChannels) {
        Collection<Thread> started = new ConcurrentLinkedQueue<>();
        EventLoopGroup group = loops.apply(task -> {
            Thread thread = factory.newThread(task);
            started.add(thread);
            return thread;
        });
        return new NetTransport(group, serverChannels, clientChannels, started);
    }
}
