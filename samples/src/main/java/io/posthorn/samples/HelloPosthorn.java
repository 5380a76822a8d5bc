package io.posthorn.samples;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Sends one message to a queue and receives it. The names are in {@code jndi.properties}; the server runs on port 9876. */
public final class HelloPosthorn {
    private HelloPosthorn() {}

    public static void main(String[] arguments) throws NamingException {
        InitialContext names = new InitialContext();
        ConnectionFactory factory = (ConnectionFactory) names.lookup("posthorn");
        Queue greetings = (Queue) names.lookup("greetings");
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(greetings, "Hello from Posthorn");
            String text = context.createConsumer(greetings).receiveBody(String.class, 5_000);
            System.out.println(text);
        }
    }
}
