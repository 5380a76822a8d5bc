package io.posthorn.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens connections. Its own threads are daemons, so a forgotten client does not keep its JVM alive. */
public final class FrameClient implements AutoCloseable {

    private final NetTransport transport;
    /** Where the transport is given back; null if it is ours alone. */
    private final SharedTransport lender;

    private final ConnectionSet connections;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final AtomicBoolean released = new AtomicBoolean();

    /** A client on Java's own sockets and the system clock. */
    public FrameClient(NetConfig config) {
        this(
                config,
                Clock.system(),
                NetTransport.nio(Math.max(1, config.eventLoopThreads()), config.threadNamePrefix(), true));
    }

    /** @param transport taken over */
    public FrameClient(NetConfig config, Clock clock, NetTransport transport) {
        this(config, clock, transport, null);
    }

    /**
     * A client on one of the event loops of others.
     *
     * @param lender ends the threads when the last client is closed
     */
    public FrameClient(NetConfig config, Clock clock, SharedTransport lender) {
        this(config, clock, lender.borrow(), lender);
    }

    private FrameClient(NetConfig config, Clock clock, NetTransport transport, SharedTransport lender) {
        this.transport = transport;
        this.lender = lender;
        this.loop = transport.group().next();
        this.connections = new ConnectionSet(config, clock);
        this.bootstrap = new Bootstrap()
                .group(transport.group())
                .channelFactory(transport.clientChannels())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, ConnectionSet.WATER_MARK)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(config.connectTimeout().toMillis()));
    }

    /**
     * Opens a connection. An unresolved name is looked up in a thread of its own.
     *
     * @param handler told about this connection only, so one for each or one for all
     * @return completes on the event loop after {@link FrameHandler#onOpen}; fails with an IOException whose text names the
     *     address. Cancelling it closes the connection as soon as there is one
     */
    public CompletableFuture<FrameConnection> connect(InetSocketAddress address, FrameHandler handler) {
        CompletableFuture<FrameConnection> opened = new CompletableFuture<>();
        if (connections.isClosed()) {
            opened.completeExceptionally(failure(address, new IllegalStateException("the client is closed")));
            return opened;
        }
        if (address.isUnresolved() && NetUtil.createInetAddressFromIpAddressString(address.getHostString()) == null) {
            lookUp(address, handler, opened);
        } else {
            open(address, handler, opened);
        }
        return opened;
    }

    /** In a thread of its own: a name service may take seconds, and the event loop has other connections to look after. */
    private void lookUp(InetSocketAddress address, FrameHandler handler, CompletableFuture<FrameConnection> opened) {
        Thread lookUp = new Thread(
                () -> {
                    InetSocketAddress found = new InetSocketAddress(address.getHostString(), address.getPort());
                    onLoop(() -> {
                        if (found.isUnresolved()) {
                            Exception unknown = new UnknownHostException("the host name is unknown");
                            opened.completeExceptionally(failure(address, unknown));
                        } else {
                            open(found, handler, opened);
                        }
                    });
                },
                "posthorn-name-lookup");
        lookUp.setDaemon(true);
        lookUp.start();
    }

    /** Where the caller of connect expects it, as long as there is such a place. */
    private void onLoop(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException closedMeanwhile) {
            step.run();
        }
    }

    private void open(InetSocketAddress address, FrameHandler handler, CompletableFuture<FrameConnection> opened) {
        ChannelFuture connected = bootstrap
                .clone()
                .handler(connections.initializer(handler, opened))
                .connect(address);
        connected.addListener(done -> failUnlessConnected(opened, address, connected));
        // When the event loops have ended meanwhile, nobody is left to call the listener.
        if (connected.isDone()) {
            failUnlessConnected(opened, address, connected);
        }
    }

    /**
     * Runs a task on an event loop, soon. With one event loop, the default, that is the thread of all connections.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /**
     * Runs a task on the same event loop as {@link #execute}, after a delay.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    public Future<?> schedule(Runnable task, Duration delay) {
        return loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether the calling thread is the event loop of {@link #execute}. */
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    /**
     * Closes every connection as {@link FrameConnection#close} does, and ends the threads unless other clients share them. Returns
     * when that is done; when called on an event loop, or interrupted, before. Later calls do nothing.
     */
    @Override
    public void close() {
        boolean mayWait = connections.close("the client is closed", transport);
        if (lender == null) {
            ConnectionSet.end(transport, mayWait);
        } else if (!released.getAndSet(true)) {
            NetTransport unused = lender.giveBack();
            if (unused != null) {
                ConnectionSet.end(unused, mayWait);
            }
        }
    }

    private static void failUnlessConnected(
            CompletableFuture<FrameConnection> opened, InetSocketAddress address, ChannelFuture connected) {
        if (!connected.isSuccess()) {
            opened.completeExceptionally(failure(address, connected.cause()));
        }
    }

    private static IOException failure(InetSocketAddress address, Throwable cause) {
        return new IOException(
                "cannot connect to " + address.getHostString() + ":" + address.getPort() + ": " + cause.getMessage(),
                cause);
    }
}
