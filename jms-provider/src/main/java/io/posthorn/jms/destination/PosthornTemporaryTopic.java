package io.posthorn.jms.destination;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryTopic;
import java.util.Objects;

/** A temporary topic (6.2.2). The one that createTemporaryTopic() returned can delete it; copies that came by message cannot. */
public final class PosthornTemporaryTopic extends PosthornDestination implements TemporaryTopic {

    private static final long serialVersionUID = 1L;

    private final transient TemporaryOwner owner;

    /**
     * A temporary topic.
     *
     * @param name  of kind TEMPORARY_TOPIC
     * @param owner the connection that created it; null for a received one
     */
    public PosthornTemporaryTopic(DestinationName name, TemporaryOwner owner) {
        super(Objects.requireNonNull(name, "name"));
        if (name.kind() != DestinationKind.TEMPORARY_TOPIC) {
            throw new IllegalArgumentException("no temporary topic: " + name);
        }
        this.owner = owner;
    }

    @Override
    public DestinationKind kind() {
        return DestinationKind.TEMPORARY_TOPIC;
    }

    /** The provider's name; not null. */
    @Override
    public String getTopicName() {
        return text();
    }

    /** @throws JMSException if this object does not come from createTemporaryTopic(), or as the owner says */
    @Override
    public void delete() throws JMSException {
        if (owner == null) {
            throw new JMSException("only the connection that created it may delete " + this);
        }
        owner.delete(name());
    }
}
