package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornTemporaryQueue;
import io.posthorn.jms.destination.PosthornTemporaryTopic;
import io.posthorn.jms.destination.TemporaryOwner;
import io.posthorn.message.DestinationName;
import io.posthorn.provider.Provider;
import jakarta.jms.JMSException;

/**
 * The temporary destinations of a connection (Jakarta Messaging 3.1, 6.2.2). They outlive the session that asked for them and end with
 * the connection at the broker. Any thread.
 */
final class TemporaryDestinations implements TemporaryOwner {

    private final Provider provider;

    TemporaryDestinations(Provider provider) {
        this.provider = provider;
    }

    PosthornTemporaryQueue createQueue() throws JMSException {
        return new PosthornTemporaryQueue(Waits.await(provider.createTemporary(true)), this);
    }

    PosthornTemporaryTopic createTopic() throws JMSException {
        return new PosthornTemporaryTopic(Waits.await(provider.createTemporary(false)), this);
    }

    @Override
    public void delete(DestinationName name) throws JMSException {
        Waits.await(provider.deleteTemporary(name));
    }
}
