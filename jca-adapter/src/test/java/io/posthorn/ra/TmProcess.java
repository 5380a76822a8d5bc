package io.posthorn.ra;

import io.posthorn.testing.FileResource;
import io.posthorn.testing.Narayana;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.resource.spi.ManagedConnection;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import javax.transaction.xa.XAResource;

/**
 * An application server in a process of its own. The first run moves one message from a queue to another through the adapter, together with a
 * {@link FileResource}, and dies between the phases, when everything is prepared and nothing is committed. The next one recovers.
 */
public final class TmProcess {

    /** What it exits with when it dies where it should. */
    static final int DIED = 42;

    private TmProcess() {}

    /**
     * Runs it.
     *
     * @param arguments "move", "adapter" or "connection" (through which to recover), URL, log directory, directory of the file resource; to move, the
     *     queue to read and the queue to write
     */
    public static void main(String[] arguments) throws Exception {
        TransactionManager manager = Narayana.in(Path.of(arguments[2]));
        Path files = Path.of(arguments[3]);
        switch (arguments[0]) {
            case "move" -> move(manager, arguments[1], files, arguments[4], arguments[5]);
            case "adapter" -> recoverThroughAdapter(arguments[1], files);
            default -> recoverThroughConnection(arguments[1], files);
        }
    }

    private static void move(TransactionManager manager, String url, Path files, String from, String to)
            throws Exception {
        XaContainer container = new XaContainer(manager);
        ConnectionFactory factory = (ConnectionFactory) factory(url).createConnectionFactory(container);
        container.begin();
        manager.getTransaction()
                .enlistResource(
                        new FileResource(files, () -> Runtime.getRuntime().halt(DIED)));
        try (JMSContext context = factory.createContext()) {
            String body =
                    context.createConsumer(context.createQueue(from)).receiveBody(String.class, AdapterTest.COMES_MS);
            context.createProducer().send(context.createQueue(to), body);
        }
        manager.commit();
    }

    private static void recoverThroughAdapter(String url, Path files) throws Exception {
        PosthornResourceAdapter adapter = new PosthornResourceAdapter();
        adapter.setConnectionUrl(url);
        adapter.start(null);
        XAResource jms = adapter.getXAResources(null)[0];
        Narayana.recover(jms, new FileResource(files, () -> {}));
        adapter.stop();
    }

    private static void recoverThroughConnection(String url, Path files) throws Exception {
        ManagedConnection connection = factory(url).createManagedConnection(null, null);
        Narayana.recover(connection.getXAResource(), new FileResource(files, () -> {}));
        connection.destroy();
    }

    private static PosthornManagedConnectionFactory factory(String url) {
        PosthornManagedConnectionFactory settings = new PosthornManagedConnectionFactory();
        settings.setConnectionUrl(url);
        return settings;
    }
}
