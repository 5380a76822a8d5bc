package io.posthorn.server;

import io.posthorn.provider.Login;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderListener;
import io.posthorn.provider.remote.IoThreads;
import io.posthorn.provider.remote.RemoteConfig;
import io.posthorn.provider.remote.RemoteProviderFactory;
import io.posthorn.server.cli.BrokerAccess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The way of commands to a running broker: the client's, with less patience, since a person waits. */
final class RemoteAccess implements BrokerAccess {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public Provider connect(List<InetSocketAddress> nameServers, Login login) {
        RemoteConfig config = RemoteConfig.of(nameServers)
                .withConnectTimeout(PATIENCE)
                .withRequestTimeout(PATIENCE)
                .withFailoverTimeout(PATIENCE);
        // The connection keeps the factory's parts alive, and takes them along when it is closed.
        @SuppressWarnings("resource")
        RemoteProviderFactory factory = new RemoteProviderFactory(config, new IoThreads());
        try {
            return factory.connect(login, new Silence()).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof ProviderException known) {
                throw known;
            }
            throw failed;
        }
    }

    /** Every call of a command reports by itself what goes wrong. */
    private static final class Silence implements ProviderListener {

        @Override
        public void interrupted(String reason) {
            // The next call waits, or fails.
        }

        @Override
        public void restored() {
            // Nothing is to be done anew.
        }

        @Override
        public void problem(ProviderException failure) {
            // Of acknowledgements only, which commands do not make.
        }

        @Override
        public void failed(ProviderException failure) {
            // Every call fails from now on.
        }
    }
}
