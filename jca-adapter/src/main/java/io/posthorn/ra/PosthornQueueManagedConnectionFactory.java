package io.posthorn.ra;

import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.resource.spi.ConnectionDefinition;
import jakarta.resource.spi.ConnectionManager;

/** The connection definition of jakarta.jms.QueueConnectionFactory; all else is as with the general one. */
@ConnectionDefinition(
        connectionFactory = QueueConnectionFactory.class,
        connectionFactoryImpl = AdapterQueueConnectionFactory.class,
        connection = QueueConnection.class,
        connectionImpl = ConnectionHandle.class)
public final class PosthornQueueManagedConnectionFactory extends PosthornManagedConnectionFactory {

    private static final long serialVersionUID = 1L;

    @Override
    AdapterConnectionFactory factoryFor(ConnectionManager manager) {
        return new AdapterQueueConnectionFactory(this, manager);
    }
}
