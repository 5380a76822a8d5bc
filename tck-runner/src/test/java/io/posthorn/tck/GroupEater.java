package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.List;

/**
 * A consumer in a process of its own that never acknowledges: it prints the text of each message it gets, until it is killed.
 * Arguments: URL, queue.
 */
final class GroupEater {

    private GroupEater() {}

    public static void main(String[] arguments) throws Exception {
        Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(session.createQueue(arguments[1]));
        connection.start();
        while (true) {
            System.out.println(((TextMessage) consumer.receive()).getText());
        }
    }

    static Process start(String url, String queue) throws Exception {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GroupEater.class.getName(),
                        url,
                        queue))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
