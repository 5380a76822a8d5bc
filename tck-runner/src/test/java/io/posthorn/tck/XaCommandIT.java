package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.ServerProcess;
import io.posthorn.testing.TestXid;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code xa list|commit|rollback} as an operator's script uses them, on a server that wants a login. */
class XaCommandIT {

    private static final TestXid FIRST = new TestXid(0x20005, new byte[] {1, (byte) 0xff}, new byte[] {7});
    private static final String FIRST_TEXT = "20005:01ff:07";
    private static final TestXid SECOND = new TestXid(-2, new byte[] {2}, new byte[0]);
    private static final String SECOND_TEXT = "fffffffe:02:";

    @TempDir
    static Path dir;

    static Path password;
    static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        Path users = dir.resolve("users");
        password = Files.writeString(dir.resolve("password"), "secret\n");
        ServerProcess.output(
                "user", "add", "ops", "--users-file", users.toString(), "--password-file", password.toString());
        server = ServerProcess.standalone(
                dir.resolve("data"), "--users-file", users.toString(), "--allow-anonymous", "false");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static XAConnection connect() throws JMSException {
        return new PosthornXAConnectionFactory(server.url()).createXAConnection("ops", "secret");
    }

    private static ServerProcess.Finished xa(String... arguments) {
        List<String> all = new ArrayList<>(List.of("xa"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--namesrv-addr", "127.0.0.1:" + server.nameServerPort()));
        if (!all.contains("--user")) {
            all.addAll(List.of("--user", "ops"));
        }
        all.addAll(List.of("--password-file", password.toString()));
        ServerProcess.Finished finished = ServerProcess.run(all.toArray(String[]::new));
        assertFalse(finished.output().contains("\tat "), () -> "a stack trace: " + finished.output());
        return finished;
    }

    private static void prepare(TestXid xid) throws JMSException, XAException {
        try (XAConnection connection = connect();
                Session plain = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            MessageProducer producer = plain.createProducer(plain.createQueue("in"));
            producer.send(plain.createTextMessage("in"));
            XASession session = connection.createXASession();
            XAResource resource = session.getXAResource();
            resource.start(xid, XAResource.TMNOFLAGS);
            MessageConsumer consumer = session.createConsumer(session.createQueue("in"));
            consumer.receive(ServerTest.COMES_MS);
            MessageProducer out = session.createProducer(session.createQueue("out"));
            out.send(session.createTextMessage("one"));
            out.send(session.createTextMessage("two"));
            resource.end(xid, XAResource.TMSUCCESS);
            assertEquals(XAResource.XA_OK, resource.prepare(xid));
        }
    }

    private static int count(String queue) throws JMSException {
        try (Connection connection = connect();
                Session session = connection.createSession()) {
            connection.start();
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
            int count = 0;
            while (consumer.receiveNoWait() != null) {
                count++;
            }
            return count;
        }
    }

    private static void assertFailure(ServerProcess.Finished finished, String text) {
        assertEquals(1, finished.exitCode(), finished.output());
        assertTrue(finished.output().contains(text), finished.output());
    }

    private static void assertListed(String pattern) {
        ServerProcess.Finished list = xa("list");
        assertEquals(0, list.exitCode(), list.output());
        assertTrue(list.output().lines().anyMatch(line -> line.matches(pattern)), list.output());
    }

    @Test
    void branchesAreListedDecidedAndForgotten() throws Exception {
        prepare(FIRST);
        assertListed(FIRST_TEXT + " prepared ageSeconds=\\d+ staged=2 held=1");
        ServerProcess.Finished commit = xa("commit", FIRST_TEXT);
        assertEquals(0, commit.exitCode(), commit.output());
        assertTrue(commit.output().contains("branch " + FIRST_TEXT + " is committed"), commit.output());
        assertEquals(2, count("out"));
        assertEquals(0, count("in"));
        assertListed(FIRST_TEXT + " committed-by-operator ageSeconds=\\d+ staged=0 held=0");
        assertFailure(xa("rollback", FIRST_TEXT), "was committed by an operator before");

        prepare(SECOND);
        assertEquals(0, xa("rollback", SECOND_TEXT).exitCode());
        assertEquals(0, count("out"));
        assertEquals(1, count("in"));
        assertListed(SECOND_TEXT + " rolled-back-by-operator ageSeconds=\\d+ staged=0 held=0");

        try (XAConnection connection = connect()) {
            XAResource manager = connection.createXASession().getXAResource();
            assertTold(XAException.XA_HEURCOM, manager, FIRST);
            assertTold(XAException.XA_HEURRB, manager, SECOND);
        }
        assertFalse(xa("list").output().contains(FIRST_TEXT));
        assertFailure(xa("commit", FIRST_TEXT), "there is no branch " + FIRST_TEXT);
    }

    private static void assertTold(int code, XAResource manager, TestXid xid) throws XAException {
        XAException told = assertThrows(XAException.class, () -> manager.commit(xid, false));
        assertEquals(code, told.errorCode);
        manager.forget(xid);
    }

    @Test
    void whatCannotBeDoneIsSaidInOneLine() {
        assertFailure(xa("commit", "20005:01"), "\"20005:01\" is no branch: it has the form format:gtrid:bqual");
        assertFailure(xa("commit", "20005:0:00"), "is no branch");
        assertFailure(xa("rollback", "9:aa:"), "there is no branch 9:aa:");
        assertFailure(xa("list", "--user", "nobody"), "user name or password");
        ServerProcess.Finished none = ServerProcess.run("xa", "list", "--namesrv-addr", "127.0.0.1:1");
        assertFailure(none, "127.0.0.1:1");
        ServerProcess.Finished anonymous =
                ServerProcess.run("xa", "list", "--namesrv-addr", "127.0.0.1:" + server.nameServerPort());
        assertFailure(anonymous, "requires a user name and a password");
        assertEquals(2, ServerProcess.run("xa", "commit").exitCode());
    }
}
