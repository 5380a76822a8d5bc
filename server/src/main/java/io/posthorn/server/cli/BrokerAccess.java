package io.posthorn.server.cli;

import io.posthorn.provider.Login;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import java.net.InetSocketAddress;
import java.util.List;

/** How commands reach a running broker: as a client does. */
public interface BrokerAccess {

    /**
     * Connects and logs in; the caller closes the connection.
     *
     * @throws ProviderException when that fails; its text is what the operator reads
     */
    Provider connect(List<InetSocketAddress> nameServers, Login login);
}
