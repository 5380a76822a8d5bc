package io.posthorn.provider.remote;

import io.posthorn.net.FrameClient;
import io.posthorn.net.NetConfig;
import io.posthorn.provider.Login;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.ProviderFactory;
import io.posthorn.provider.ProviderListener;
import io.posthorn.time.Clock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Opens connections to a cluster that is found through its NameServers. Thread-safe. Every connection has its own sockets, which end
 * with it, and lives on one I/O thread, which it may share with others; the factory itself holds nothing.
 */
public final class RemoteProviderFactory implements ProviderFactory, AutoCloseable {

    private static final Duration IDLE = Duration.ofSeconds(120);

    private final RemoteConfig config;
    private final IoThreads threads;
    private final RandomGenerator random;
    private final Set<ClusterProvider> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param threads where its connections live, perhaps together with those of other factories */
    public RemoteProviderFactory(RemoteConfig config, IoThreads threads) {
        this(config, threads, new SecureRandom());
    }

    /** @param random for producer ids, nonces, jitter, and the choice of a NameServer; thread-safe */
    RemoteProviderFactory(RemoteConfig config, IoThreads threads, RandomGenerator random) {
        this.threads = Objects.requireNonNull(threads, "threads");
        this.config = Objects.requireNonNull(config, "config");
        this.random = random;
    }

    @Override
    public CompletableFuture<Provider> connect(Login login, ProviderListener listener) {
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(listener, "listener");
        if (closed) {
            return CompletableFuture.failedFuture(new ProviderException(Kind.CLOSED, "the factory is closed"));
        }
        FrameClient client = new FrameClient(netConfig(), Clock.system(), threads.transport());
        Mending.Parts parts = new Mending.Parts(client, new ClientLoop(client), config, random);
        ClusterProvider provider = new ClusterProvider(parts, login, listener);
        open.add(provider);
        provider.whenClosed(() -> open.remove(provider));
        return provider.connect();
    }

    /** Closes the connections that are still open, in order, and returns when they are gone. Not to be called on an I/O thread. */
    @Override
    public void close() {
        closed = true;
        CompletableFuture.allOf(
                        List.copyOf(open).stream().map(ClusterProvider::close).toArray(CompletableFuture<?>[]::new))
                .join();
    }

    private NetConfig netConfig() {
        Duration threePings = config.keepAlive().multipliedBy(3);
        return new NetConfig(
                config.frameMaxBytes(),
                config.requestsInFlightMax(),
                config.connectTimeout(),
                config.requestTimeout(),
                threePings.compareTo(IDLE) > 0 ? threePings : IDLE,
                1,
                "posthorn-client");
    }
}
