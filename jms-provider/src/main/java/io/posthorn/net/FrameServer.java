package io.posthorn.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;

/**
 * Listens on one or more addresses and gives every connection to one {@link FrameHandler}. The threads are not daemons.
 */
public final class FrameServer implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final NetTransport transport;
    private final ConnectionSet connections;
    private final ServerBootstrap bootstrap;

    /** A server on Java's own sockets and the system clock. */
    public FrameServer(NetConfig config, FrameHandler handler) {
        this(config, handler, Clock.system(), NetTransport.nio(threads(config), config.threadNamePrefix(), false));
    }

    /** @param transport taken over */
    public FrameServer(NetConfig config, FrameHandler handler, Clock clock, NetTransport transport) {
        this.transport = transport;
        this.connections = new ConnectionSet(config, clock);
        this.bootstrap = new ServerBootstrap()
                .group(transport.group())
                .channelFactory(transport.serverChannels())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_CLOSE, false)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, ConnectionSet.WATER_MARK)
                .childHandler(connections.acceptor(handler));
    }

    /**
     * Starts to listen; may be called for several addresses. Blocks until the socket is bound, so not on an event loop.
     *
     * @param address port 0 for any free one
     * @return the address with its real port
     * @throws IOException if the address cannot be bound; the text names it
     */
    public InetSocketAddress bind(InetSocketAddress address) throws IOException {
        if (connections.isClosed()) {
            throw new IOException("cannot listen on port " + address.getPort() + ": the server is closed");
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (bound.isSuccess()) {
            connections.listening(bound.channel());
            return (InetSocketAddress) bound.channel().localAddress();
        }
        Throwable cause = bound.cause();
        IOException failure;
        if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
            failure = new BindException("port " + address.getPort() + " on " + address.getHostString() + " is taken");
        } else {
            failure = new IOException("cannot listen on port " + address.getPort() + " of " + address.getHostString()
                    + ": " + cause.getMessage());
        }
        failure.initCause(cause);
        throw failure;
    }

    /**
     * Stops listening, closes every connection as {@link FrameConnection#close} does, and ends the threads. Returns when that is done; when called on an event loop, or interrupted, before. Later calls do nothing.
     */
    @Override
    public void close() {
        ConnectionSet.end(transport, connections.close("the server shuts down", transport));
    }

    private static int threads(NetConfig config) {
        int cores = Runtime.getRuntime().availableProcessors();
        return config.eventLoopThreads() > 0 ? config.eventLoopThreads() : Math.max(1, Math.min(cores, 4) / 2);
    }
}
