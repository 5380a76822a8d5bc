package io.posthorn.provider.remote;

import io.posthorn.net.SharedTransport;

/** The I/O threads that the connections of one or more factories share. They exist while there is such a connection. Thread-safe. */
public final class IoThreads {

    private static final String THREAD_NAME = "posthorn-client";

    private final SharedTransport transport = SharedTransport.nio(THREAD_NAME);

    SharedTransport transport() {
        return transport;
    }
}
