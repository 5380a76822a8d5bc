package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import javax.transaction.xa.XAResource;

/** Calls of a bean's kind of message endpoint: which method counts, whether in transactions, and making one. Any thread. */
final class Endpoint {

    private final MessageEndpointFactory factory;
    private final Enlistment enlistment;
    private final Method onMessage;
    private final boolean transacted;

    /** @throws ResourceException if the container does not know the method of a listener */
    Endpoint(MessageEndpointFactory factory, Enlistment enlistment) throws ResourceException {
        this.factory = factory;
        this.enlistment = enlistment;
        try {
            onMessage = MessageListener.class.getMethod("onMessage", Message.class);
            transacted = factory.isDeliveryTransacted(onMessage);
        } catch (NoSuchMethodException unknown) {
            throw new ResourceException(
                    "the endpoint is no jakarta.jms.MessageListener: " + unknown.getMessage(), unknown);
        }
    }

    /** Whether the container wants a transaction around each message. */
    boolean transacted() {
        return transacted;
    }

    /**
     * What takes part in the container's transactions.
     *
     * @param resource of a session that delivers to endpoints of this kind
     */
    XAResource enlisted(XAResource resource, ClientUrl connection) {
        return enlistment.of(resource, connection);
    }

    /**
     * One more endpoint.
     *
     * @param resource what is {@link #enlisted} of the session that delivers to it; null outside transactions
     * @throws UnavailableException if the container cannot give one now
     */
    MessageEndpoint create(XAResource resource) throws UnavailableException {
        MessageEndpoint endpoint = factory.createEndpoint(resource);
        if (!(endpoint instanceof MessageListener)) {
            endpoint.release();
            throw new UnavailableException("the endpoint is no jakarta.jms.MessageListener: " + endpoint);
        }
        return endpoint;
    }

    /** Begins the container's transaction, which makes the session's resource take part. */
    void before(MessageEndpoint endpoint) throws ResourceException {
        try {
            endpoint.beforeDelivery(onMessage);
        } catch (NoSuchMethodException unknown) {
            throw new ResourceException(
                    "the endpoint does not know its listener's method: " + unknown.getMessage(), unknown);
        }
    }
}
