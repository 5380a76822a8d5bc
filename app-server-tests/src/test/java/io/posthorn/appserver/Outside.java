package io.posthorn.appserver;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.util.ArrayList;
import java.util.List;

/** Looks at the server's queues from outside, with a client of the test's own. One thread. */
final class Outside implements AutoCloseable {

    private static final int COMES_MS = 60_000;
    private static final int ABSENT_MS = 300;

    private final JMSContext context;

    Outside(String url) {
        context = new PosthornConnectionFactory(url).createContext(Posthorn.USER, Posthorn.PASSWORD);
    }

    void send(String queue, String text) {
        context.createProducer().send(context.createQueue(queue), text);
    }

    /** The next message, or null when none comes within 60 s. */
    String next(String queue) {
        return receive(queue, COMES_MS);
    }

    /** What is there now. */
    String nextNow(String queue) {
        return receive(queue, ABSENT_MS);
    }

    /** Everything that is there, and comes without a pause. */
    List<String> drain(String queue, int pauseMs) {
        List<String> texts = new ArrayList<>();
        try (JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
            for (String text = consumer.receiveBody(String.class, pauseMs);
                    text != null;
                    text = consumer.receiveBody(String.class, pauseMs)) {
                texts.add(text);
            }
        }
        return texts;
    }

    private String receive(String queue, int waitMs) {
        try (JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
            return consumer.receiveBody(String.class, waitMs);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
