package io.posthorn.ra;

import io.posthorn.jms.destination.PosthornTopic;
import jakarta.jms.Topic;
import jakarta.resource.spi.AdministeredObject;
import javax.naming.NamingException;
import javax.naming.Reference;

/**
 * A topic as application servers configure it: a bean whose one setting, the name, can be set under each of the names that servers and their
 * users give it. What applications look up; otherwise the client's own topic.
 */
@AdministeredObject(adminObjectInterfaces = Topic.class)
public final class AdministeredTopic extends PosthornTopic {

    private static final long serialVersionUID = 1L;

    /** A topic whose name is still to be set. */
    public AdministeredTopic() {}

    public String getDestinationName() {
        return getTopicName();
    }

    /** @throws IllegalArgumentException if it is over 255 bytes of UTF-8; null and the empty text are passed over */
    public void setDestinationName(String value) {
        if (value != null && !value.isEmpty()) {
            setTopicName(value);
        }
    }

    public String getPhysicalName() {
        return getTopicName();
    }

    /** As {@link #setDestinationName}. */
    public void setPhysicalName(String value) {
        setDestinationName(value);
    }

    public String getName() {
        return getTopicName();
    }

    /** As {@link #setDestinationName}. */
    public void setName(String value) {
        setDestinationName(value);
    }

    /** To the client's own topic, which can be made anew where the resource adapter's classes are not. */
    @Override
    public Reference getReference() throws NamingException {
        return new PosthornTopic(getTopicName()).getReference();
    }
}
