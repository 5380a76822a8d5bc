package standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnectionFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

public class LookupIT {

    @Test
    public void names() throws Exception {
        for (String name : List.of("MY_QUEUE", "MY_QUEUE2", "testQ0", "testQ1", "testQ2", "testQueue2", "Q2")) {
            assertEquals(name, Names.lookup(Queue.class, name).getQueueName());
        }
        for (String name : List.of("MY_TOPIC", "MY_TOPIC2", "testT0", "testT1", "testT2")) {
            assertEquals(name, Names.lookup(Topic.class, name).getTopicName());
        }
        Names.lookup(QueueConnectionFactory.class, "MyQueueConnectionFactory");
        Names.lookup(TopicConnectionFactory.class, "MyTopicConnectionFactory");
        Names.lookup(TopicConnectionFactory.class, "DURABLE_SUB_CONNECTION_FACTORY");
    }

    @Test
    public void clientIdOfTheFactory() throws Exception {
        ConnectionFactory factory = Names.lookup(ConnectionFactory.class, "DURABLE_SUB_CONNECTION_FACTORY");
        try (Connection connection = factory.createConnection()) {
            assertEquals("cts", connection.getClientID());
        }
    }

    @Test
    public void properties() {
        assertEquals("1234", System.getProperty("jms_timeout"));
        assertEquals("j2ee", System.getProperty("user"));
        assertEquals("j2ee", System.getProperty("password"));
        assertEquals("standalone", System.getProperty("platform.mode"));
        assertEquals("standalone", System.getProperty("vehicle"));
    }

    @Test
    public void users() throws Exception {
        ConnectionFactory factory = Names.lookup(ConnectionFactory.class, "MyConnectionFactory");
        factory.createConnection("j2ee", "j2ee").close();
        factory.createConnection().close();
        assertThrows(JMSSecurityException.class, () -> factory.createConnection("invalid", "invalid"));
        assertThrows(JMSSecurityRuntimeException.class, () -> factory.createContext("j2ee", "wrong"));
    }

    @Test
    public void sendAndReceive() throws Exception {
        Queue queue = Names.lookup(Queue.class, "MY_QUEUE");
        try (JMSContext context = Names.lookup(ConnectionFactory.class, "MyConnectionFactory").createContext()) {
            context.createProducer().send(queue, "a message");
            assertEquals("a message", context.createConsumer(queue).receiveBody(String.class, 20_000));
        }
    }
}
