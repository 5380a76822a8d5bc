package io.posthorn.ra;

import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.resource.spi.ConnectionDefinition;
import jakarta.resource.spi.ConnectionManager;

/** The connection definition of jakarta.jms.TopicConnectionFactory; all else is as with the general one. */
@ConnectionDefinition(
        connectionFactory = TopicConnectionFactory.class,
        connectionFactoryImpl = AdapterTopicConnectionFactory.class,
        connection = TopicConnection.class,
        connectionImpl = ConnectionHandle.class)
public final class PosthornTopicManagedConnectionFactory extends PosthornManagedConnectionFactory {

    private static final long serialVersionUID = 1L;

    @Override
    AdapterConnectionFactory factoryFor(ConnectionManager manager) {
        return new AdapterTopicConnectionFactory(this, manager);
    }
}
