package io.posthorn.server.net;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.posthorn.net.NetTransport;

/** Chooses the event loops of a server: epoll where the platform has it, Java's own sockets elsewhere. */
public final class ServerTransport {

    private ServerTransport() {}

    /**
     * New event loops; whoever is given the transport shuts them down.
     *
     * @param threads number of event loops, at least 1
     * @param threadNamePrefix first part of the threads' names
     */
    public static NetTransport create(int threads, String threadNamePrefix) {
        if (!Epoll.isAvailable()) {
            return NetTransport.nio(threads, threadNamePrefix, false);
        }
        return NetTransport.of(
                noted -> new MultiThreadIoEventLoopGroup(threads, noted, EpollIoHandler.newFactory()),
                new DefaultThreadFactory(threadNamePrefix),
                EpollServerSocketChannel::new,
                EpollSocketChannel::new);
    }
}
