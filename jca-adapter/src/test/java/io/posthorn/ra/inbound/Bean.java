package io.posthorn.ra.inbound;

import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAResource;

/** A message-driven bean in its container: with container-managed transactions, or without any. */
final class Bean implements MessageEndpointFactory {

    /** What the bean does with a message. */
    @FunctionalInterface
    interface Code {

        void onMessage(TextMessage message) throws Exception;
    }

    private final String name;
    private final TransactionManager transactions;
    private final Code code;
    private final AtomicInteger unavailable = new AtomicInteger();
    final AtomicInteger created = new AtomicInteger();
    final AtomicInteger released = new AtomicInteger();

    /** @param transactions null for NOT_SUPPORTED and bean-managed ones */
    Bean(String name, TransactionManager transactions, Code code) {
        this.name = name;
        this.transactions = transactions;
        this.code = code;
    }

    void refuseNext(int count) {
        unavailable.set(count);
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) throws UnavailableException {
        if (unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new UnavailableException("still starting");
        }
        if ((resource == null) != (transactions == null)) {
            throw new IllegalArgumentException("an XAResource where none belongs, or none where one does");
        }
        created.incrementAndGet();
        return transactions == null ? new Plain() : new Transacted(resource);
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeout) throws UnavailableException {
        return createEndpoint(resource);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
        return transactions != null;
    }

    @Override
    public String getActivationName() {
        return name;
    }

    @Override
    public Class<?> getEndpointClass() {
        return Bean.class;
    }

    private class Plain implements MessageEndpoint, MessageListener {

        @Override
        public void onMessage(Message message) {
            try {
                code.onMessage((TextMessage) message);
            } catch (RuntimeException fault) {
                throw fault;
            } catch (Exception checked) {
                throw new IllegalStateException(checked);
            }
        }

        @Override
        public void beforeDelivery(Method method) throws ResourceException {
            throw new ResourceException("not in a transaction");
        }

        @Override
        public void afterDelivery() throws ResourceException {
            throw new ResourceException("not in a transaction");
        }

        @Override
        public void release() {
            released.incrementAndGet();
        }
    }

    private final class Transacted extends Plain {

        private final XAResource resource;

        Transacted(XAResource resource) {
            this.resource = resource;
        }

        @Override
        public void beforeDelivery(Method method) throws ResourceException {
            try {
                transactions.begin();
                if (!transactions.getTransaction().enlistResource(resource)) {
                    throw new IllegalStateException("not enlisted");
                }
            } catch (Exception failed) {
                end();
                throw new ResourceException(failed);
            }
        }

        @Override
        public void onMessage(Message message) {
            try {
                super.onMessage(message);
            } catch (RuntimeException fault) {
                markRollback();
                throw fault;
            }
        }

        private void markRollback() {
            try {
                transactions.setRollbackOnly();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public void afterDelivery() throws ResourceException {
            try {
                if (transactions.getStatus() == Status.STATUS_ACTIVE) {
                    transactions.commit();
                } else {
                    transactions.rollback();
                }
            } catch (Exception failed) {
                throw new ResourceException(failed);
            }
        }

        private void end() {
            try {
                transactions.rollback();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
