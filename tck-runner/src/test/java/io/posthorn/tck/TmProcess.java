package io.posthorn.tck;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.FileResource;
import io.posthorn.testing.Narayana;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;

/**
 * A process of its own with a transaction manager: moves one message from a queue to another in a global transaction, together with a {@link
 * FileResource}, and dies between the phases, when everything is prepared and nothing is committed.
 */
public final class TmProcess {

    /** What it exits with when it dies where it should. */
    static final int DIED = 42;

    private TmProcess() {}

    /** @param arguments URL, queue to read, queue to write, log directory, directory of the file resource */
    public static void main(String[] arguments) throws Exception {
        TransactionManager manager = Narayana.in(Path.of(arguments[3]));
        FileResource files = new FileResource(
                Path.of(arguments[4]), () -> Runtime.getRuntime().halt(DIED));
        XAConnection connection = new PosthornXAConnectionFactory(arguments[0]).createXAConnection();
        connection.start();
        XASession session = connection.createXASession();
        manager.begin();
        manager.getTransaction().enlistResource(files);
        manager.getTransaction().enlistResource(session.getXAResource());
        Session plain = session.getSession();
        MessageConsumer in = plain.createConsumer(plain.createQueue(arguments[1]));
        plain.createProducer(plain.createQueue(arguments[2])).send(in.receive(ServerTest.COMES_MS));
        manager.commit();
    }
}
