package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ManagedConnection;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection that the client has given up leaves the pool (Jakarta Connectors 2.1, 6.5.3.3 and 6.5.3.4). */
class BrokenConnectionIT {

    @Test
    void theContainerIsToldAndTheConnectionServesNobodyAnyMore(@TempDir Path directory) throws Exception {
        ServerProcess server = ServerProcess.standalone(directory.resolve("data"));
        try {
            PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
            factory.setConnectionUrl(server.url());
            factory.setFailoverTimeoutMs("300");
            Listener listener = new Listener();
            ManagedConnection broken = factory.createManagedConnection(null, null);
            broken.addConnectionEventListener(listener);
            Connection handle = (Connection) broken.getConnection(null, null);
            assertEquals(Set.of(), factory.getInvalidConnections(Set.of(broken)));

            server.close();
            ConnectionEvent event = listener.errors.poll(AdapterTest.COMES_MS, TimeUnit.MILLISECONDS);
            assertNotNull(event, "the container is told");
            assertSame(broken, event.getSource());
            assertInstanceOf(JMSException.class, event.getException());
            Session session = handle.createSession();
            assertThrows(JMSException.class, () -> session.createConsumer(session.createQueue("any")));
            assertThrows(ResourceException.class, () -> broken.getConnection(null, null));

            server.start();
            ManagedConnection sound = factory.createManagedConnection(null, null);
            assertEquals(Set.of(broken), factory.getInvalidConnections(Set.of(broken, sound)));
            assertSame(sound, factory.matchManagedConnections(Set.of(broken, sound), null, null));
            assertNull(factory.matchManagedConnections(Set.of(broken), null, null));
            assertNull(listener.errors.poll(), "it is told once");
            broken.destroy();
            sound.destroy();
        } finally {
            server.close();
        }
    }

    /** Notes the errors; on threads of the client. */
    private static final class Listener implements ConnectionEventListener {

        private final BlockingQueue<ConnectionEvent> errors = new LinkedBlockingQueue<>();

        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            errors.add(event);
        }

        @Override
        public void connectionClosed(ConnectionEvent event) {}

        @Override
        public void localTransactionStarted(ConnectionEvent event) {}

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {}

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {}
    }
}
