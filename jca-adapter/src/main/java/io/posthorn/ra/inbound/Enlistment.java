package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ClientUrl;
import javax.transaction.xa.XAResource;

/** What a container's transactions are given for the resource of a session that delivers to an endpoint. Any thread. */
@FunctionalInterface
public interface Enlistment {

    /**
     * @param resource the session's
     * @param connection what the session's connection was made with
     * @return the same one, or one that passes every call on to it
     */
    XAResource of(XAResource resource, ClientUrl connection);
}
