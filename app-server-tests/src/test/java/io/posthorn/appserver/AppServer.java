package io.posthorn.appserver;

import io.posthorn.appserver.heap.KnownHolder;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * An application server in a process of its own, with the adapter, the ledger and the test application. Implemented once per kind of
 * server; called by the test's thread.
 */
interface AppServer {

    /** Starts it, after {@link #awaitHalted} again with what it had, and returns when everything is deployed. */
    void start() throws Exception;

    /** Takes application and adapter out and puts them in again, while the server runs. */
    void redeploy() throws Exception;

    /** Adds an application; it answers at once, below the name of its file. */
    void deploy(Path war) throws Exception;

    /** @param name of the file that was deployed, without its suffix */
    void undeploy(String name) throws Exception;

    /** Returns when the process that halted itself is gone, so that it can be started again. */
    void awaitHalted() throws Exception;

    /** References of its own by which it holds class loaders of what was undeployed, whatever that was. */
    List<KnownHolder> ownHolders();

    /** Where the test application answers. */
    URI application();

    /** Stops it the way its operators do; returns when the process is gone. */
    void stop() throws Exception;

    /** Leaves nothing running, however it is. */
    void kill();
}
