package io.posthorn.jms.destination;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryQueue;
import java.util.Objects;

/** A temporary queue (6.2.2). The one that createTemporaryQueue() returned can delete it; copies that came by message cannot. */
public final class PosthornTemporaryQueue extends PosthornDestination implements TemporaryQueue {

    private static final long serialVersionUID = 1L;

    private final transient TemporaryOwner owner;

    /**
     * A temporary queue.
     *
     * @param name  of kind TEMPORARY_QUEUE
     * @param owner the connection that created it; null for a received one
     */
    public PosthornTemporaryQueue(DestinationName name, TemporaryOwner owner) {
        super(Objects.requireNonNull(name, "name"));
        if (name.kind() != DestinationKind.TEMPORARY_QUEUE) {
            throw new IllegalArgumentException("no temporary queue: " + name);
        }
        this.owner = owner;
    }

    @Override
    public DestinationKind kind() {
        return DestinationKind.TEMPORARY_QUEUE;
    }

    /** The provider's name; not null. */
    @Override
    public String getQueueName() {
        return text();
    }

    /** @throws JMSException if this object does not come from createTemporaryQueue(), or as the owner says */
    @Override
    public void delete() throws JMSException {
        if (owner == null) {
            throw new JMSException("only the connection that created it may delete " + this);
        }
        owner.delete(name());
    }
}
