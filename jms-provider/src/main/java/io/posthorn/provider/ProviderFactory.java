package io.posthorn.provider;

import java.util.concurrent.CompletableFuture;

/** Opens connections to a cluster. */
public interface ProviderFactory {

    /**
     * Connects and logs in.
     *
     * @param login    not null
     * @param listener not null
     * @return completes with the open connection, or fails with SECURITY, INVALID_CLIENT_ID, CONNECTION or TIMEOUT
     */
    CompletableFuture<Provider> connect(Login login, ProviderListener listener);
}
