package io.posthorn.jms.naming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import java.util.Collections;
import java.util.Hashtable;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.Binding;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import javax.naming.Reference;
import javax.naming.Referenceable;
import org.junit.jupiter.api.Test;

class PosthornInitialContextFactoryTest {

    private static InitialContext context(String... entries) throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, PosthornInitialContextFactory.class.getName());
        for (int i = 0; i < entries.length; i += 2) {
            environment.put(entries[i], entries[i + 1]);
        }
        return new InitialContext(environment);
    }

    @Test
    void looksUpTheThreeKinds() throws NamingException {
        InitialContext context = context(
                "connectionFactory.MyFactory", "posthorn://h:1?clientId=cts",
                "queue.jms/orders", "orders",
                "topic.news.sport", " sport ");
        PosthornConnectionFactory factory =
                assertInstanceOf(PosthornConnectionFactory.class, context.lookup("MyFactory"));
        assertEquals("cts", factory.getClientId());
        assertEquals(new PosthornQueue("orders"), context.lookup("jms/orders"));
        assertEquals(new PosthornTopic("sport"), context.lookup("news.sport"));
        Set<String> names = Collections.list(context.listBindings("")).stream()
                .map(Binding::getName)
                .collect(Collectors.toSet());
        assertEquals(Set.of("MyFactory", "jms/orders", "news.sport"), names);
        context.close();
    }

    @Test
    void xaFactoriesHaveAPrefixOfTheirOwn() throws NamingException {
        InitialContext context = context("xaConnectionFactory.xa/Factory", "posthorn://h:1?clientId=cts");
        PosthornXAConnectionFactory factory =
                assertInstanceOf(PosthornXAConnectionFactory.class, context.lookup("xa/Factory"));
        assertEquals("cts", factory.getClientId());
        context.close();
    }

    @Test
    void anUnknownNameIsReportedWithTheKnownOnes() throws NamingException {
        InitialContext context = context("queue.A", "a");
        NameNotFoundException missing = assertThrows(NameNotFoundException.class, () -> context.lookup("B"));
        assertTrue(missing.getMessage().contains("[A]"), missing.getMessage());
    }

    @Test
    void wrongEntriesAreNamed() {
        for (String[] entry :
                new String[][] {{"connectionFactory.F", "posthorn://h?nonsense=1"}, {"queue.Q", ""}, {"topic.", "t"}}) {
            ConfigurationException refused = assertThrows(ConfigurationException.class, () -> context(entry));
            assertTrue(refused.getMessage().contains(entry[0]), refused.getMessage());
        }
        assertThrows(ConfigurationException.class, () -> context("queue.X", "x", "topic.X", "x"));
    }

    @Test
    void itIsReadOnly() throws NamingException {
        InitialContext context = context();
        assertThrows(OperationNotSupportedException.class, () -> context.bind("x", "y"));
    }

    @Test
    void referencesOfDestinationsComeBackEqual() throws Exception {
        for (Referenceable object : new Referenceable[] {new PosthornQueue("q"), new PosthornTopic("t")}) {
            assertEquals(object, restore(object.getReference()));
        }
        assertNull(restore("something else"));
        assertNull(restore(new Reference("java.lang.String")));
        assertThrows(NamingException.class, () -> restore(new Reference(PosthornQueue.class.getName())));
    }

    private static Object restore(Object bound) throws Exception {
        return new PosthornObjectFactory().getObjectInstance(bound, null, null, null);
    }
}
