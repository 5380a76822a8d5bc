package io.posthorn.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import io.posthorn.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels of one server or client, from their first handler to the shutdown of their event loops. Any thread. */
final class ConnectionSet {

    static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(ConnectionWriter.WRITE_LOW_BYTES, ConnectionWriter.WRITE_HIGH_BYTES);

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSet.class);

    /** Orderly closes linger up to one second. */
    private static final long CLOSE_WAIT_MS = 3000;

    private static final long LOOP_END_WAIT_MS = 10_000;

    private final NetConfig config;
    private final Clock clock;
    private final Set<ConnectionPump> pumps = ConcurrentHashMap.newKeySet();
    private final Set<Channel> listening = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ConnectionSet(NetConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** For all channels that a server accepts. */
    ChannelHandler acceptor(FrameHandler handler) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                add(channel, handler, new CompletableFuture<>());
            }
        };
    }

    /** For one channel of a client. */
    ChannelHandler initializer(FrameHandler handler, CompletableFuture<FrameConnection> opened) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                add(channel, handler, opened);
            }
        };
    }

    private void add(Channel channel, FrameHandler handler, CompletableFuture<FrameConnection> opened) {
        ConnectionPump pump = new ConnectionPump(channel, config, clock, handler, opened);
        pumps.add(pump);
        channel.closeFuture().addListener(gone -> pumps.remove(pump));
        channel.pipeline().addLast(pump);
        if (closed) {
            channel.close();
        }
    }

    boolean isClosed() {
        return closed;
    }

    void listening(Channel channel) {
        listening.add(channel);
        channel.closeFuture().addListener(gone -> listening.remove(channel));
        if (closed) {
            channel.close();
        }
    }

    /**
     * Closes every channel; blocks until that is done unless the caller is one of the event loops, or is interrupted.
     *
     * @return whether it has waited, and may wait for more
     */
    boolean close(String reason, NetTransport transport) {
        closed = true;
        boolean mayWait = true;
        for (EventExecutor loop : transport.group()) {
            mayWait &= !loop.inEventLoop();
        }
        listening.forEach(Channel::close);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (ConnectionPump pump : pumps) {
            pump.close(reason);
            ends.add(pump.closed());
        }
        try {
            if (mayWait) {
                await(CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0])));
            }
        } catch (InterruptedException interrupted) {
            mayWait = false;
            Thread.currentThread().interrupt();
        }
        return mayWait;
    }

    /** Ends the event loops, after {@link #close}. @param mayWait whether to block until their threads are gone */
    static void end(NetTransport transport, boolean mayWait) {
        transport.group().shutdownGracefully(0, CLOSE_WAIT_MS, TimeUnit.MILLISECONDS);
        if (mayWait) {
            awaitThreads(transport);
        }
    }

    private static void await(CompletableFuture<Void> ends) throws InterruptedException {
        try {
            ends.get(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.debug("connections that did not close in {} ms are cut", CLOSE_WAIT_MS);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the end of a connection does not fail", impossible);
        }
    }

    private static void awaitThreads(NetTransport transport) {
        try {
            boolean ended = transport.group().terminationFuture().await(LOOP_END_WAIT_MS);
            for (Thread thread : transport.threads()) {
                // The future completes a few instructions before the thread ends.
                thread.join(ended ? LOOP_END_WAIT_MS : 1);
                ended &= !thread.isAlive();
            }
            if (!ended) {
                LOG.error("event loops still run {} ms after their shutdown: a handler blocks", LOOP_END_WAIT_MS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
