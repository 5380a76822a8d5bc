package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.naming.PosthornObjectFactory;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PosthornConnectionFactoryTest {

    private static final String URL = "posthorn://a:1,b:2?clientId=c&user=u&password=hush&windowSize=7&windowBytes=8"
            + "&connectTimeoutMs=9&requestTimeoutMs=10&sendTimeoutMs=11&failoverTimeoutMs=-1&keepAliveMs=12"
            + "&inFlightMax=13&nonPersistentInFlightMax=14&objectMessageAllowList=com.acme.*";

    @Test
    void takesEveryOptionFromTheUrl() {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(URL);
        assertEquals("c", factory.getClientId());
        assertEquals("u", factory.getUser());
        assertEquals("hush", factory.password());
        assertEquals(7, factory.getWindowSize());
        assertEquals(8, factory.getWindowBytes());
        assertEquals(9, factory.getConnectTimeoutMs());
        assertEquals(10, factory.getRequestTimeoutMs());
        assertEquals(11, factory.getSendTimeoutMs());
        assertEquals(-1, factory.getFailoverTimeoutMs());
        assertEquals(12, factory.getKeepAliveMs());
        assertEquals(13, factory.getInFlightMax());
        assertEquals(14, factory.getNonPersistentInFlightMax());
        assertEquals("com.acme.*", factory.getObjectMessageAllowList());
    }

    @Test
    void theDefaultIsTheLocalNameServer() {
        assertEquals("posthorn://127.0.0.1:9876", new PosthornConnectionFactory().getUrl());
    }

    @Test
    void anUnknownOptionIsNamedTogetherWithTheKnownOnes() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new PosthornConnectionFactory("posthorn://a?windowsize=3"));
        assertTrue(refused.getMessage().contains("windowsize"), refused.getMessage());
        for (FactoryOption option : FactoryOption.values()) {
            assertTrue(refused.getMessage().contains(option.key()), option.key());
        }
    }

    @Test
    void illegalValuesAreRefused() {
        for (String option : new String[] {"windowSize=0", "windowSize=x", "sendTimeoutMs=-1", "keepAliveMs=0"}) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> new PosthornConnectionFactory("posthorn://a?" + option));
            assertTrue(refused.getMessage().contains(option.substring(0, option.indexOf('='))), refused.getMessage());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new PosthornConnectionFactory().setObjectMessageAllowList("com..acme"));
    }

    @Test
    void thePasswordIsNotShown() {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(URL);
        assertFalse(factory.toString().contains("hush"), factory.toString());
        assertFalse(factory.getUrl().contains("hush"));
    }

    @Test
    void aReferenceKeepsEverything() throws Exception {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(URL);
        Object copy = new PosthornObjectFactory().getObjectInstance(factory.getReference(), null, null, null);
        assertSameOptions(factory, (PosthornConnectionFactory) copy);
    }

    @Test
    void serializationKeepsEverything() throws IOException, ClassNotFoundException {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(URL);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(factory);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertSameOptions(factory, (PosthornConnectionFactory) in.readObject());
        }
    }

    @Test
    void settingTheUrlResetsTheOtherOptions() {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(URL);
        factory.setUrl("posthorn://z?windowSize=5");
        assertEquals("posthorn://z:9876?windowSize=5", factory.getUrl());
        assertNull(factory.getClientId());
        assertNull(factory.password());
    }

    @Test
    void everyOptionIsABeanPropertyAndDocumented() throws IntrospectionException, IOException {
        Set<String> properties = Stream.of(Introspector.getBeanInfo(PosthornConnectionFactory.class)
                        .getPropertyDescriptors())
                .filter(property -> property.getWriteMethod() != null)
                .map(PropertyDescriptor::getName)
                .collect(Collectors.toSet());
        String document = Files.readString(Path.of("OPTIONS.md"));
        for (FactoryOption option : FactoryOption.values()) {
            assertTrue(properties.contains(option.key()), option.key());
            assertTrue(document.contains("| `" + option.key() + "` |"), option.key() + " in OPTIONS.md");
        }
    }

    private static void assertSameOptions(PosthornConnectionFactory expected, PosthornConnectionFactory actual) {
        assertEquals(expected.getUrl(), actual.getUrl());
        for (FactoryOption option : FactoryOption.values()) {
            assertEquals(option.get(expected), option.get(actual), option.key());
        }
    }
}
