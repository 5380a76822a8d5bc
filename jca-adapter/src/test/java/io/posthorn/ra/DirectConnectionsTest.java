package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The factory without an application server. */
class DirectConnectionsTest {

    private final FakeJms jms = new FakeJms();
    private ConnectionFactory factory;

    @BeforeEach
    void create() throws Exception {
        factory = (ConnectionFactory) jms.managedFactory().createConnectionFactory();
    }

    @Test
    void eachConnectionIsAPhysicalOneAndEndsWithClose() throws Exception {
        Connection first = factory.createConnection();
        Connection second = factory.createConnection("ann", "secret");
        first.close();
        first.close();
        assertThrows(IllegalStateException.class, first::createSession);
        second.close();
        assertEquals(
                List.of(
                        "connectionFactory2.createConnection()",
                        "connectionFactory3.createConnection(ann, secret)",
                        "connection1.close()",
                        "connection2.close()"),
                jms.calls());
    }

    @Test
    void eachContextIsAPhysicalOneAndEndsWithClose() {
        JMSContext context = factory.createContext(JMSContext.CLIENT_ACKNOWLEDGE);
        context.createProducer();
        context.close();
        context.close();
        assertThrows(IllegalStateRuntimeException.class, context::createProducer);
        assertEquals(
                List.of(
                        "connectionFactory2.createContext()",
                        "context1.createContext(2)",
                        "context2.createProducer()",
                        "context2.close()",
                        "context1.close()"),
                jms.calls());
    }

    @Test
    void nothingIsForbidden() throws Exception {
        Connection connection = factory.createConnection();
        connection.setClientID("id");
        Session transacted = connection.createSession(true, 0);
        connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        transacted.commit();
        connection.stop();
        assertEquals(
                List.of(
                        "connectionFactory2.createConnection()",
                        "connection1.setClientID(id)",
                        "connection1.createSession(0)",
                        "connection1.createSession(2)",
                        "session1.commit()",
                        "connection1.stop()"),
                jms.calls());
        connection.close();
        assertEquals(List.of("session1.close()", "session2.close()", "connection1.close()"), jms.calls());
    }

    @Test
    void aFailureReachesTheApplicationWhichDecides() throws Exception {
        Connection connection = factory.createConnection();
        List<JMSException> heard = new ArrayList<>();
        connection.setExceptionListener(heard::add);
        JMSException reason = new JMSException("the broker is gone");
        jms.breakDown("connection1", reason);
        assertEquals(List.of(reason), heard);
        jms.calls();
        connection.close();
        assertEquals(List.of("connection1.close()"), jms.calls());
    }

    @Test
    void aConnectionThatRefusesToCloseInItsListenerStaysOpen() throws Exception {
        Connection connection = factory.createConnection();
        connection.createSession();
        jms.fail("session1.close", new IllegalStateException("in its own listener"));
        assertThrows(IllegalStateException.class, connection::close);
        connection.start();
    }

    @Test
    void refusedCredentialsAreASecurityException() {
        JMSSecurityException refused = new JMSSecurityException("who are you?");
        jms.fail("connectionFactory2.createConnection", refused);
        assertSame(refused, assertThrows(JMSSecurityException.class, () -> factory.createConnection("a", "b")));
        JMSSecurityRuntimeException unchecked = new JMSSecurityRuntimeException("who are you?");
        jms.fail("connectionFactory3.createContext", unchecked);
        assertSame(unchecked, assertThrows(JMSSecurityRuntimeException.class, () -> factory.createContext("a", "b")));
    }

    @Test
    void aContextThatCannotBeOpenedLeavesNoConnectionBehind() {
        jms.fail("context1.createContext", new JMSRuntimeException("no more sessions"));
        assertThrows(JMSRuntimeException.class, factory::createContext);
        assertEquals("context1.close()", jms.calls().get(2));
    }

    @Test
    void anUnknownSessionModeIsRefused() {
        assertThrows(JMSRuntimeException.class, () -> factory.createContext(-1));
        assertThrows(JMSRuntimeException.class, () -> factory.createContext(4));
        assertEquals(List.of(), jms.calls());
    }

    @Test
    void factoriesCanBeSerialized() throws Exception {
        PosthornManagedConnectionFactory settings = new PosthornManagedConnectionFactory();
        settings.setResourceAdapter(new PosthornResourceAdapter());
        settings.setUser("ann");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(settings.createConnectionFactory());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertInstanceOf(ConnectionFactory.class, in.readObject());
        }
    }
}
