package io.posthorn.ra;

import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.resource.spi.ConnectionManager;

/** The factory for the classic API of queues alone (Jakarta Messaging 3.1, 2.8.4). */
public final class AdapterQueueConnectionFactory extends AdapterConnectionFactory implements QueueConnectionFactory {

    private static final long serialVersionUID = 1L;

    AdapterQueueConnectionFactory(PosthornManagedConnectionFactory factory, ConnectionManager manager) {
        super(factory, manager);
    }

    @Override
    public QueueConnection createQueueConnection() throws JMSException {
        return connection(Family.QUEUE, null, null);
    }

    /** @param userName null for the user of the settings */
    @Override
    public QueueConnection createQueueConnection(String userName, String password) throws JMSException {
        return connection(Family.QUEUE, userName, password);
    }
}
