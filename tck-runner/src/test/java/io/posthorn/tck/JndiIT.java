package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnectionFactory;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.spi.NamingManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Administered objects: as beans, in a directory, in a stream, and what they still know afterwards. */
class JndiIT extends ServerTest {

    private static final String FACTORY = "io.posthorn.jms.naming.PosthornInitialContextFactory";

    @TempDir
    Path classPath;

    /** The ways an administered object travels. */
    enum Journey {
        STREAM {
            @Override
            Object of(Object object) throws Exception {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                    out.writeObject(object);
                }
                try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                    return in.readObject();
                }
            }
        },
        REFERENCE {
            @Override
            Object of(Object object) throws Exception {
                Reference reference = ((Referenceable) object).getReference();
                assertNotNull(reference.getFactoryClassName());
                // What a directory keeps is the reference, in a stream.
                return NamingManager.getObjectInstance(STREAM.of(reference), null, null, null);
            }
        };

        abstract Object of(Object object) throws Exception;
    }

    private static Hashtable<String, String> environment(String... entries) {
        Hashtable<String, String> environment = new Hashtable<>(Map.of(Context.INITIAL_CONTEXT_FACTORY, FACTORY));
        for (int i = 0; i < entries.length; i += 2) {
            environment.put(entries[i], entries[i + 1]);
        }
        return environment;
    }

    private static Map<String, Object> beanProperties(Object bean) throws Exception {
        Map<String, Object> values = new TreeMap<>();
        for (PropertyDescriptor property :
                Introspector.getBeanInfo(bean.getClass(), Object.class).getPropertyDescriptors()) {
            if (property.getReadMethod() != null && property.getWriteMethod() != null) {
                values.put(property.getName(), property.getReadMethod().invoke(bean));
            }
        }
        return values;
    }

    @Test
    @Checklist("30.01")
    void administeredObjectsAreSerializableReferenceableBeans() throws Exception {
        for (Object object :
                List.of(new PosthornConnectionFactory(server.url()), new PosthornQueue("q"), new PosthornTopic("t"))) {
            assertInstanceOf(Serializable.class, object);
            assertInstanceOf(Referenceable.class, object);
            assertNotNull(object.getClass().getConstructor().newInstance());
        }
        PosthornConnectionFactory factory = new PosthornConnectionFactory();
        factory.setUrl(server.url());
        factory.setClientId(name("id"));
        assertTrue(beanProperties(factory).keySet().containsAll(List.of("url", "clientId", "user", "windowSize")));
        PosthornQueue queue = new PosthornQueue();
        queue.setQueueName(name("queue"));
        try (JMSContext context = factory.createContext()) {
            assertEquals(name("id"), context.getClientID());
            context.createProducer().send(queue, "sent with beans");
            assertEquals("sent with beans", context.createConsumer(queue).receiveBody(String.class, COMES_MS));
        }
    }

    @Test
    @Checklist({"30.02", "30.03"})
    void lookingUpConnectsToNobody() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "posthorn://127.0.0.1:" + listening.getLocalPort();
            Context context = new InitialContext(
                    environment("connectionFactory.cf", url, "queue.jms/orders", "orders", "topic.news", "n"));
            assertInstanceOf(ConnectionFactory.class, context.lookup("cf"));
            assertEquals("orders", ((Queue) context.lookup("jms/orders")).getQueueName());
            assertEquals("n", ((Topic) context.lookup("news")).getTopicName());
            for (Journey journey : Journey.values()) {
                journey.of(context.lookup("cf"));
            }
            listening.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, listening::accept);
            NameNotFoundException unknown =
                    assertThrows(NameNotFoundException.class, () -> context.lookup("no such thing"));
            assertTrue(unknown.getMessage().contains("jms/orders"), unknown.getMessage());
        }
    }

    @Test
    @Checklist({"30.03", "1.04"})
    void anInitialContextReadsJndiProperties() throws Exception {
        Files.write(
                classPath.resolve("jndi.properties"),
                List.of(
                        "java.naming.factory.initial = " + FACTORY,
                        "connectionFactory.MyConnectionFactory = " + server.url(),
                        "connectionFactory.named = " + server.url() + "?clientId=cts",
                        "queue.MY_QUEUE = MY_QUEUE",
                        "topic.MY_TOPIC = MY_TOPIC"));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classPath.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            Context directory = new InitialContext();
            ConnectionFactory factory = (ConnectionFactory) directory.lookup("MyConnectionFactory");
            assertInstanceOf(QueueConnectionFactory.class, factory);
            assertInstanceOf(TopicConnectionFactory.class, factory);
            Queue queue = (Queue) directory.lookup("MY_QUEUE");
            assertEquals("MY_TOPIC", ((Topic) directory.lookup("MY_TOPIC")).getTopicName());
            try (JMSContext context = factory.createContext()) {
                context.createProducer().send(queue, "looked up");
                assertEquals("looked up", context.createConsumer(queue).receiveBody(String.class, COMES_MS));
            }
            try (Connection named = ((ConnectionFactory) directory.lookup("named")).createConnection()) {
                assertEquals("cts", named.getClientID());
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    @Checklist("30.03")
    void aDirectoryThatIsWrittenBadlySaysWhere() {
        for (String[] bad : new String[][] {
            {"connectionFactory.cf", "http://x"}, {"connectionFactory.cf", "posthorn://x?colour=red"}, {"queue.q", ""}
        }) {
            NamingException refused = assertThrows(
                    ConfigurationException.class, () -> new InitialContext(environment(bad)), String.join("=", bad));
            assertTrue(refused.getMessage().contains(bad[0]), refused.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Checklist({"30.04", "30.01"})
    void aRoundTripKeepsAllSettings(Journey journey) throws Exception {
        PosthornConnectionFactory factory = new PosthornConnectionFactory("posthorn://one:1,two:2");
        for (PropertyDescriptor property :
                Introspector.getBeanInfo(factory.getClass(), Object.class).getPropertyDescriptors()) {
            if (property.getPropertyType() == int.class && property.getWriteMethod() != null) {
                property.getWriteMethod()
                        .invoke(factory, 7 + (int) property.getReadMethod().invoke(factory));
            }
        }
        factory.setClientId("an id & more");
        factory.setUser("u");
        factory.setPassword("p?&=%s");
        factory.setObjectMessageAllowList("com.acme.*");
        PosthornConnectionFactory copy = assertInstanceOf(PosthornConnectionFactory.class, journey.of(factory));
        assertEquals(beanProperties(factory), beanProperties(copy));
        // The password is in it, and comes along, but is not shown.
        assertEquals(
                factory.getReference().get("url").getContent(),
                copy.getReference().get("url").getContent());
        assertNotEquals(factory.getUrl(), factory.getReference().get("url").getContent());
        assertFalse(copy.toString().contains("p?") || copy.toString().contains("p%3F"), copy.toString());
    }

    @ParameterizedTest
    @EnumSource
    @Checklist("30.04")
    void aRoundTripKeepsEquality(Journey journey) throws Exception {
        for (Destination destination : List.of(new PosthornQueue(name("x")), new PosthornTopic(name("x")))) {
            Object copy = journey.of(destination);
            assertEquals(destination, copy);
            assertEquals(destination.hashCode(), copy.hashCode());
            assertEquals(destination.getClass(), copy.getClass());
        }
        PosthornConnectionFactory copy =
                (PosthornConnectionFactory) journey.of(new PosthornConnectionFactory(server.url()));
        try (JMSContext context = copy.createContext()) {
            Queue queue = (Queue) journey.of(context.createQueue(name("queue")));
            context.createProducer().send(queue, "sent with copies");
            assertEquals(
                    "sent with copies",
                    context.createConsumer(context.createQueue(name("queue"))).receiveBody(String.class, COMES_MS));
        }
    }

    @Test
    @Checklist("30.06")
    void temporaryDestinationsAreNoAdministeredObjects() throws Exception {
        Session session = connect().createSession();
        TemporaryQueue temporary = session.createTemporaryQueue();
        assertThrows(NamingException.class, ((Referenceable) temporary)::getReference);
        assertThrows(NamingException.class, ((Referenceable) session.createTemporaryTopic())::getReference);
        TemporaryQueue copy = (TemporaryQueue) Journey.STREAM.of(temporary);
        assertThrows(JMSException.class, copy::delete, "a copy is not the thing itself");
        Set<String> names = new HashSet<>();
        for (Session other : List.of(session, connect().createSession())) {
            for (int i = 0; i < 20; i++) {
                assertTrue(names.add(other.createTemporaryQueue().getQueueName()));
                assertTrue(names.add(other.createTemporaryTopic().getTopicName()));
            }
        }
        assertNull(session.createConsumer(temporary).receiveNoWait());
    }
}
