package io.posthorn.net;

import java.util.function.Supplier;

/**
 * Event loops that several clients share: they come with the first client and end with the last. Thread-safe.
 *
 * <p>Connections that live on one thread cost fewer wake-ups than one thread for each: while it is busy with one, what the
 * others have to say joins in. A client keeps to one event loop, in turn.
 */
public final class SharedTransport {

    private final Supplier<NetTransport> maker;

    // Guarded by this.
    private NetTransport current;
    private int users;

    /** @param maker makes new event loops each time that there are none */
    public SharedTransport(Supplier<NetTransport> maker) {
        this.maker = maker;
    }

    /** Java's own sockets on daemon threads: one for every two cores, at least one and at most four. */
    public static SharedTransport nio(String threadNamePrefix) {
        int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors() / 2, 4));
        return new SharedTransport(() -> NetTransport.nio(threads, threadNamePrefix, true));
    }

    /** One more client; its {@link NetTransport#group} is a single event loop. To be given back. */
    synchronized NetTransport borrow() {
        if (users++ == 0) {
            current = maker.get();
        }
        return new NetTransport(
                current.group().next(), current.serverChannels(), current.clientChannels(), current.threads());
    }

    /** @return the event loops when the last client is gone and they have to be ended, else null */
    synchronized NetTransport giveBack() {
        if (--users > 0) {
            return null;
        }
        NetTransport unused = current;
        current = null;
        return unused;
    }
}
