package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program that reads queues in AUTO_ACKNOWLEDGE until it is killed. What it is handed it writes, before anything else, to the file that
 * is named like the queue: a write that has returned outlives the process.
 */
public final class KilledClient {

    private KilledClient() {}

    /** URL, directory for the files, then queues; of those that end with "listener" a listener reads, of the others receive(). */
    public static void main(String[] arguments) throws Exception {
        Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection();
        for (int i = 2; i < arguments.length; i++) {
            String queue = arguments[i];
            FileChannel file = FileChannel.open(
                    Path.of(arguments[1], queue), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
            if (queue.endsWith("listener")) {
                consumer.setMessageListener(message -> note(file, message));
            } else {
                Thread reader = new Thread(() -> receive(consumer, file), queue);
                reader.setDaemon(true);
                reader.start();
            }
        }
        connection.start();
        System.out.println("READY");
        while (System.in.read() >= 0) {
            // Until the end.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void receive(MessageConsumer consumer, FileChannel file) {
        try {
            while (true) {
                note(file, consumer.receive());
            }
        } catch (JMSException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void note(FileChannel file, Message message) {
        try {
            file.write(ByteBuffer.wrap((((TextMessage) message).getText() + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (JMSException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
