package io.posthorn.ra;

import jakarta.jms.JMSException;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.resource.spi.ConnectionManager;

/** The factory for the classic API of topics alone (Jakarta Messaging 3.1, 2.8.4). */
public final class AdapterTopicConnectionFactory extends AdapterConnectionFactory implements TopicConnectionFactory {

    private static final long serialVersionUID = 1L;

    AdapterTopicConnectionFactory(PosthornManagedConnectionFactory factory, ConnectionManager manager) {
        super(factory, manager);
    }

    @Override
    public TopicConnection createTopicConnection() throws JMSException {
        return connection(Family.TOPIC, null, null);
    }

    /** @param userName null for the user of the settings */
    @Override
    public TopicConnection createTopicConnection(String userName, String password) throws JMSException {
        return connection(Family.TOPIC, userName, password);
    }
}
