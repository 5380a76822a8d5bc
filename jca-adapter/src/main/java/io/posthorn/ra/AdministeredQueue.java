package io.posthorn.ra;

import io.posthorn.jms.destination.PosthornQueue;
import jakarta.jms.Queue;
import jakarta.resource.spi.AdministeredObject;
import javax.naming.NamingException;
import javax.naming.Reference;

/**
 * A queue as application servers configure it: a bean whose one setting, the name, can be set under each of the names that servers and their
 * users give it. What applications look up; otherwise the client's own queue.
 */
@AdministeredObject(adminObjectInterfaces = Queue.class)
public final class AdministeredQueue extends PosthornQueue {

    private static final long serialVersionUID = 1L;

    /** A queue whose name is still to be set. */
    public AdministeredQueue() {}

    public String getDestinationName() {
        return getQueueName();
    }

    /** @throws IllegalArgumentException if it is over 255 bytes of UTF-8; null and the empty text are passed over */
    public void setDestinationName(String value) {
        if (value != null && !value.isEmpty()) {
            setQueueName(value);
        }
    }

    public String getPhysicalName() {
        return getQueueName();
    }

    /** As {@link #setDestinationName}. */
    public void setPhysicalName(String value) {
        setDestinationName(value);
    }

    public String getName() {
        return getQueueName();
    }

    /** As {@link #setDestinationName}. */
    public void setName(String value) {
        setDestinationName(value);
    }

    /** To the client's own queue, which can be made anew where the resource adapter's classes are not. */
    @Override
    public Reference getReference() throws NamingException {
        return new PosthornQueue(getQueueName()).getReference();
    }
}
