package io.posthorn.jms.destination;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import jakarta.jms.Queue;

/** A queue. Usable as a bean: the empty constructor, then {@link #setQueueName}. The resource adapter extends it by names for that setter. */
public class PosthornQueue extends PosthornDestination implements Queue {

    private static final long serialVersionUID = 1L;

    /** A queue whose name is still to be set. */
    public PosthornQueue() {
        super(null);
    }

    /** @throws IllegalArgumentException if the name is null, empty or over 255 bytes of UTF-8 */
    public PosthornQueue(String name) {
        super(nameOf(DestinationKind.QUEUE, name));
    }

    PosthornQueue(DestinationName name) {
        super(name);
    }

    @Override
    public DestinationKind kind() {
        return DestinationKind.QUEUE;
    }

    /** The provider's name; null while it is not set. */
    @Override
    public String getQueueName() {
        return text();
    }

    /** @throws IllegalArgumentException if the name is null, empty or over 255 bytes of UTF-8 */
    public void setQueueName(String name) {
        text(name);
    }
}
