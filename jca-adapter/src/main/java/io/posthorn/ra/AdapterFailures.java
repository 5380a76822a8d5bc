package io.posthorn.ra;

import io.posthorn.jms.message.RuntimeTwins;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.ResourceAllocationException;
import jakarta.resource.ResourceException;

/** Turns what a connection manager throws into what JMS promises: the client's own exception when it is among the causes. */
final class AdapterFailures {

    /** Containers wrap a few times; no chain of causes is followed further. */
    private static final int CAUSES_MAX = 16;

    private AdapterFailures() {}

    /** For the classic API. */
    static JMSException checked(ResourceException failed) {
        JMSException own = find(failed, JMSException.class);
        return own != null ? own : new ResourceAllocationException(failed.getMessage(), failed.getErrorCode(), failed);
    }

    /** For the simplified API. */
    static JMSRuntimeException unchecked(ResourceException failed) {
        return RuntimeTwins.unchecked(checked(failed));
    }

    private static <E extends Exception> E find(Throwable failed, Class<E> wanted) {
        Throwable cause = failed;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            if (wanted.isInstance(cause)) {
                return wanted.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
