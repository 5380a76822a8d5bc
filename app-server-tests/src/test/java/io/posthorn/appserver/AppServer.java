package io.posthorn.appserver;

import java.net.URI;

/**
 * An application server in a process of its own, with the adapter, the ledger and the test application. Implemented once per kind of
 * server; called by the test's thread.
 */
interface AppServer {

    /** Starts it, after {@link #awaitHalted} again with what it had, and returns when everything is deployed. */
    void start() throws Exception;

    /** Takes application and adapter out and puts them in again, while the server runs. */
    void redeploy() throws Exception;

    /** Returns when the process that halted itself is gone, so that it can be started again. */
    void awaitHalted() throws Exception;

    /** Where the test application answers. */
    URI application();

    /** Stops it the way its operators do; returns when the process is gone. */
    void stop() throws Exception;

    /** Leaves nothing running, however it is. */
    void kill();
}
