package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client in a process of its own that holds a client id until it is killed. */
final class ClientProcess implements AutoCloseable {

    private static final String HOLDING = "HOLDING";

    private final Process process;

    private ClientProcess(Process process) {
        this.process = process;
    }

    /** Starts it and returns when it has the id. */
    static ClientProcess holding(String url, String clientId) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClientProcess.class.getName(),
                        url,
                        clientId)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ClientProcess client = new ClientProcess(process);
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!HOLDING.equals(output.readLine())) {
            client.close();
            throw new IllegalStateException("the client process has not got its client id");
        }
        return client;
    }

    /** What the process runs: until its standard input ends, which it does with the test's process at the latest. */
    public static void main(String[] arguments) throws IOException, JMSException {
        try (Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection()) {
            connection.setClientID(arguments[1]);
            System.out.println(HOLDING);
            while (System.in.read() >= 0) {
                // Nobody writes anything.
            }
        }
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
