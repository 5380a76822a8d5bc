package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.security.PasswordCredential;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.security.auth.Subject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which connection serves whom: users, passwords, settings (Jakarta Connectors 2.1, 6.5 and chapter 9). */
class PoolIT {

    @TempDir
    static Path directory;

    private static ServerProcess server;

    private final PosthornManagedConnectionFactory settings = new PosthornManagedConnectionFactory();
    private final SmallContainer container = new SmallContainer(settings);
    private ConnectionFactory factory;

    @BeforeAll
    static void startServer() throws Exception {
        String users = directory.resolve("users").toString();
        for (String name : new String[] {"ann", "bob"}) {
            Path password = Files.writeString(directory.resolve(name), "secret-of-" + name);
            ServerProcess.output("user", "add", name, "--password-file", password.toString(), "--users-file", users);
        }
        server = ServerProcess.standalone(directory.resolve("data"), "--users-file", users);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void lookUp() throws Exception {
        settings.setConnectionUrl(server.url());
        factory = container.lookup();
    }

    @AfterEach
    void shutDown() throws Exception {
        container.shutDown();
    }

    private String userOf(Connection open) throws Exception {
        String user = container.inUse().getMetaData().getUserName();
        open.close();
        return user;
    }

    @Test
    void aClosedConnectionServesTheNextOfEitherApi() throws Exception {
        factory.createConnection().close();
        factory.createContext().close();
        factory.createConnection().close();
        assertEquals(1, container.created());
    }

    @Test
    void aPooledConnectionHasNoThreadWithTheApplicationsClassLoader() throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
            caller.setContextClassLoader(application);
            factory.createConnection().close();
            assertSame(application, caller.getContextClassLoader());
            caller.setContextClassLoader(before);
            List<Thread> holding = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getContextClassLoader() == application)
                    .toList();
            assertEquals(List.of(), holding);
        } finally {
            caller.setContextClassLoader(before);
        }
    }

    @Test
    void connectionsDoNotMatchAcrossUsers() throws Exception {
        factory.createConnection().close();
        factory.createConnection("ann", "secret-of-ann").close();
        factory.createContext("bob", "secret-of-bob").close();
        assertEquals(3, container.created());
        assertEquals("ann", userOf(factory.createConnection("ann", "secret-of-ann")));
        factory.createContext("bob", "secret-of-bob", JMSContext.DUPS_OK_ACKNOWLEDGE)
                .close();
        assertEquals(3, container.created());
    }

    @Test
    void wrongPasswordsAreRefusedEvenWhenAPooledConnectionHasTheRightOne() throws Exception {
        factory.createConnection("ann", "secret-of-ann").close();
        assertThrows(JMSSecurityException.class, () -> factory.createConnection("ann", "wrong"));
        assertThrows(JMSSecurityRuntimeException.class, () -> factory.createContext("ann", "wrong"));
    }

    @Test
    void settingsOfFactoryAndAdapterAreTheDefaults() throws Exception {
        PosthornResourceAdapter adapter = new PosthornResourceAdapter();
        adapter.setUserName("ann");
        adapter.setPassword("secret-of-ann");
        settings.setResourceAdapter(adapter);
        assertEquals("ann", userOf(factory.createConnection()));
        settings.setUser("bob");
        settings.setPassword("secret-of-bob");
        assertEquals("bob", userOf(factory.createConnection()));
        settings.setUser(null);
        settings.setPassword(null);
        settings.setConnectionUrl(server.url() + "?user=bob&password=secret-of-bob");
        assertEquals("bob", userOf(factory.createConnection()));
    }

    @Test
    void theContainersSubjectComesFirst() throws Exception {
        PasswordCredential credential = new PasswordCredential("ann", "secret-of-ann".toCharArray());
        credential.setManagedConnectionFactory(settings);
        PasswordCredential foreign = new PasswordCredential("bob", "secret-of-bob".toCharArray());
        foreign.setManagedConnectionFactory(new PosthornManagedConnectionFactory());
        container.signOnAs(new Subject(true, Set.of(), Set.of(), Set.of(foreign, credential)));
        assertEquals("ann", userOf(factory.createConnection("bob", "secret-of-bob")));
        PasswordCredential empty = new PasswordCredential("", new char[0]);
        empty.setManagedConnectionFactory(settings);
        container.signOnAs(new Subject(true, Set.of(), Set.of(), Set.of(empty)));
        assertEquals("bob", userOf(factory.createConnection("bob", "secret-of-bob")));
    }

    @Test
    void aConnectionDoesNotChangeItsUser() throws Exception {
        factory.createConnection("ann", "secret-of-ann").close();
        ManagedConnection ofAnn = container.free().iterator().next();
        assertThrows(SecurityException.class, () -> ofAnn.getConnection(null, null));
        assertThrows(
                SecurityException.class,
                () -> ofAnn.getConnection(null, new ConnectionRequest("bob", "secret-of-bob")));
        ofAnn.getConnection(null, new ConnectionRequest("ann", "secret-of-ann"));
    }

    @Test
    void aConnectionMadeWithOtherSettingsDoesNotMatch() throws Exception {
        factory.createConnection().close();
        settings.setWindowSize("7");
        factory.createConnection().close();
        assertEquals(2, container.created());
    }

    @Test
    void aConnectionWithoutSessionCanMove() throws Exception {
        Connection handle = factory.createConnection();
        ManagedConnection second = settings.createManagedConnection(null, null);
        ManagedConnection third = settings.createManagedConnection(null, null);
        try {
            second.associateConnection(handle);
            Session session = handle.createSession();
            assertThrows(ResourceException.class, () -> third.associateConnection(handle));
            session.close();
            third.associateConnection(handle);
            assertThrows(ResourceException.class, () -> third.associateConnection("a string"));
        } finally {
            second.destroy();
            third.destroy();
        }
    }

    @Test
    void withoutAContainerApplicationsHaveTheClientsOwnFactory() throws Exception {
        settings.setUser("ann");
        settings.setPassword("secret-of-ann");
        ConnectionFactory direct = (ConnectionFactory) settings.createConnectionFactory();
        try (Connection connection = direct.createConnection()) {
            connection.setClientID("id");
            connection.createSession(true, 0).commit();
            connection.createSession(Session.CLIENT_ACKNOWLEDGE);
            connection.setExceptionListener(failure -> {});
            connection.stop();
        }
        settings.setPassword("wrong");
        ConnectionFactory refused = (ConnectionFactory) settings.createConnectionFactory();
        assertThrows(JMSSecurityException.class, refused::createConnection);
    }

    @Test
    void aBadPropertyIsRefusedWhenAConnectionIsMade() throws Exception {
        settings.setKeepAliveMs("soon");
        JMSException refused = assertThrows(JMSException.class, factory::createConnection);
        assertTrue(refused.getMessage().contains("keepAliveMs"), refused.getMessage());
        assertThrows(InvalidPropertyException.class, () -> settings.createManagedConnection(null, null));
    }

    @Test
    void factoriesCanBeSerialized() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        settings.setResourceAdapter(new PosthornResourceAdapter());
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(settings);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Object copy = in.readObject();
            assertNotSame(settings, copy);
            assertEquals(settings, copy);
            assertEquals(settings.hashCode(), copy.hashCode());
        }
    }

    @Test
    void passwordsAreNotPrinted() {
        assertEquals("Credentials[ann]", new Credentials("ann", "secret").toString());
        assertEquals("ConnectionRequest[user ann]", new ConnectionRequest("ann", "secret").toString());
    }
}
