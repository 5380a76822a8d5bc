package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.FileResource;
import io.posthorn.testing.Narayana;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Narayana moves messages together with a second resource, and recovers what a crash between the phases leaves behind. */
@Checklist("26.04")
class TransactionManagerIT extends ServerTest {

    private static final Runnable NOTHING = () -> {};

    @TempDir
    static Path log;

    private static TransactionManager manager;

    @TempDir
    Path files;

    @BeforeAll
    static void startManager() throws Exception {
        manager = Narayana.in(log);
    }

    @BeforeEach
    void fill() throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession()) {
            session.createProducer(session.createQueue(name("in"))).send(session.createTextMessage("order"));
        }
    }

    private PosthornXAConnectionFactory xaFactory(String options) {
        return new PosthornXAConnectionFactory(server.url() + options);
    }

    /** Moves the order from one queue to the other, the file resource enlisted first. */
    private void move(XAConnection connection, XAResource other) throws Exception {
        connection.start();
        XASession session = connection.createXASession();
        Transaction transaction = manager.getTransaction();
        assertTrue(transaction.enlistResource(other));
        assertTrue(transaction.enlistResource(session.getXAResource()));
        MessageConsumer in = session.createConsumer(session.createQueue(name("in")));
        session.createProducer(session.createQueue(name("out"))).send(in.receive(COMES_MS));
    }

    private String take(String queue) throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            connection.start();
            MessageConsumer consumer = session.createConsumer(session.createQueue(name(queue)));
            TextMessage message = (TextMessage) consumer.receiveNoWait();
            session.commit();
            return message == null ? null : message.getText();
        }
    }

    private void checkMoved(FileResource resource) throws JMSException {
        assertEquals(1, resource.committed());
        assertEquals(0, resource.prepared());
        assertEquals("order", take("out"));
        assertNull(take("out"));
        assertNull(take("in"));
    }

    private void recover(FileResource resource) throws Exception {
        try (XAConnection connection = xaFactory("").createXAConnection()) {
            XAResource jms = connection.createXASession().getXAResource();
            assertEquals(1, jms.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN).length);
            Narayana.recover(jms, resource);
            assertEquals(0, jms.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN).length);
        }
    }

    @Test
    @Checklist("26.04")
    void bothResourcesCommit() throws Exception {
        FileResource resource = new FileResource(files, NOTHING);
        try (XAConnection connection = xaFactory("").createXAConnection()) {
            manager.begin();
            move(connection, resource);
            manager.commit();
        }
        checkMoved(resource);
    }

    @Test
    @Checklist("26.04")
    void bothResourcesRollBack() throws Exception {
        FileResource resource = new FileResource(files, NOTHING);
        try (XAConnection connection = xaFactory("").createXAConnection()) {
            manager.begin();
            move(connection, resource);
            manager.rollback();
        }
        assertEquals(1, resource.rolledBack());
        assertNull(take("out"));
        assertEquals("order", take("in"));
    }

    @Test
    @Checklist("26.04")
    void twoSessionsOfOneBrokerShareABranch() throws Exception {
        try (XAConnection first = xaFactory("").createXAConnection();
                XAConnection second = xaFactory("").createXAConnection()) {
            manager.begin();
            XASession left = first.createXASession();
            XASession right = second.createXASession();
            // One resource manager: committed in one phase, which only works when the second has joined the first.
            assertTrue(manager.getTransaction().enlistResource(left.getXAResource()));
            assertTrue(manager.getTransaction().enlistResource(right.getXAResource()));
            left.createProducer(left.createQueue(name("out"))).send(left.createTextMessage("left"));
            right.createProducer(right.createQueue(name("out"))).send(right.createTextMessage("right"));
            manager.commit();
        }
        assertEquals("left", take("out"));
        assertEquals("right", take("out"));
    }

    @Test
    @Checklist("26.05")
    void aServerKilledBetweenThePhasesCommitsWhenItIsBack() throws Exception {
        FileResource resource = new FileResource(files, () -> {
            server.kill();
            server.start();
        });
        try (XAConnection connection = xaFactory("").createXAConnection()) {
            manager.begin();
            move(connection, resource);
            manager.commit();
        }
        checkMoved(resource);
    }

    @Test
    @Checklist({"26.05", "26.10"})
    void aServerThatStaysAwayIsLeftToRecovery() throws Exception {
        FileResource resource = new FileResource(files, server::kill);
        XAConnection connection = xaFactory("?failoverTimeoutMs=300").createXAConnection();
        manager.begin();
        move(connection, resource);
        manager.commit();
        server.start();
        connection.close();
        assertNull(take("in"));
        assertNull(take("out"));
        recover(resource);
        checkMoved(resource);
    }

    @Test
    @Checklist("26.05")
    void aTransactionManagerKilledBetweenThePhasesIsRecoveredFromItsLog() throws Exception {
        FileResource resource = new FileResource(files, NOTHING);
        assertEquals(TmProcess.DIED, runManager());
        assertEquals(1, resource.prepared());
        server.kill();
        server.start();
        assertNull(take("in"));
        assertNull(take("out"));
        recover(resource);
        checkMoved(resource);
    }

    private int runManager() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
        command.add(TmProcess.class.getName());
        command.addAll(List.of(server.url(), name("in"), name("out"), log.toString(), files.toString()));
        File output = Files.createTempFile(log.getParent(), "manager", ".log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("still running after 60 s: " + Files.readString(output.toPath()));
        }
        return process.exitValue();
    }
}
