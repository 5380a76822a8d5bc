package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client in a process of its own, which receives some messages and is then killed. */
final class CrashingClient implements AutoCloseable {

    private static final String READY = "READY";

    private final Process process;

    private CrashingClient(Process process) {
        this.process = process;
    }

    /**
     * Starts a client and returns when it has received its messages.
     *
     * @param mode of its session: in AUTO_ACKNOWLEDGE it is ready at once; a transacted one also sends "dropped" to {@code queue + ".out"}
     */
    static CrashingClient receiving(String url, int mode, String queue, int count) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                CrashingClient.class.getName(),
                url,
                Integer.toString(mode),
                queue,
                Integer.toString(count));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals(READY)) {
                return new CrashingClient(process);
            }
            said.append(line).append('\n');
        }
        throw new IOException("the client ended early: " + said);
    }

    /** SIGKILL; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the client does not die");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** URL, session mode, queue, number of messages. Stays until it is killed, or its parent is gone. */
    public static void main(String[] arguments) throws Exception {
        Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection();
        connection.start();
        Session session = connection.createSession(Integer.parseInt(arguments[1]));
        MessageConsumer consumer = session.createConsumer(session.createQueue(arguments[2]));
        for (int i = Integer.parseInt(arguments[3]); i > 0; i--) {
            Message message = consumer.receive(20_000);
            if (message == null) {
                throw new IllegalStateException("no message came");
            }
        }
        if (session.getTransacted()) {
            session.createProducer(session.createQueue(arguments[2] + ".out"))
                    .send(session.createTextMessage("dropped"));
        }
        if (session.getAcknowledgeMode() != Session.AUTO_ACKNOWLEDGE) {
            // An exchange with the broker, which knows by then what was handed over.
            session.createConsumer(session.createQueue(arguments[2] + ".none")).receiveNoWait();
        }
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Until the end.
        }
        Runtime.getRuntime().halt(0);
    }
}
