package io.posthorn.jms.destination;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import jakarta.jms.Topic;

/** A topic. Usable as a bean: the empty constructor, then {@link #setTopicName}. The resource adapter extends it by names for that setter. */
public class PosthornTopic extends PosthornDestination implements Topic {

    private static final long serialVersionUID = 1L;

    /** A topic whose name is still to be set. */
    public PosthornTopic() {
        super(null);
    }

    /** @throws IllegalArgumentException if the name is null, empty or over 255 bytes of UTF-8 */
    public PosthornTopic(String name) {
        super(nameOf(DestinationKind.TOPIC, name));
    }

    PosthornTopic(DestinationName name) {
        super(name);
    }

    @Override
    public DestinationKind kind() {
        return DestinationKind.TOPIC;
    }

    /** The provider's name; null while it is not set. */
    @Override
    public String getTopicName() {
        return text();
    }

    /** @throws IllegalArgumentException if the name is null, empty or over 255 bytes of UTF-8 */
    public void setTopicName(String name) {
        text(name);
    }
}
