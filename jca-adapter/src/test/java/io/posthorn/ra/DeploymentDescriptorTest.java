package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.resource.spi.Activation;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.AdministeredObject;
import jakarta.resource.spi.ConnectionDefinition;
import jakarta.resource.spi.Connector;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** META-INF/ra.xml says what the classes are. */
class DeploymentDescriptorTest {

    private static Element connector;

    @BeforeAll
    static void parse() throws Exception {
        Path file = Path.of(System.getProperty("posthorn.ra.xml", "target/rar/META-INF/ra.xml"));
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        connector = document.getDocumentElement();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static Element child(Element parent, String name) {
        List<Element> found = children(parent, name);
        assertEquals(1, found.size(), name);
        return found.get(0);
    }

    private static String text(Element parent, String name) {
        return child(parent, name).getTextContent().trim();
    }

    private static Element adapter() {
        return child(connector, "resourceadapter");
    }

    private static List<Element> definitions() {
        return children(child(adapter(), "outbound-resourceadapter"), "connection-definition");
    }

    /** Every property is a String bean property, with the default that the descriptor states. */
    private static void checkProperties(Element of, Class<?> type) throws Exception {
        Map<String, PropertyDescriptor> beans = Stream.of(
                        Introspector.getBeanInfo(type).getPropertyDescriptors())
                .collect(Collectors.toMap(PropertyDescriptor::getName, p -> p));
        Object bean = type.getConstructor().newInstance();
        List<Element> properties = children(of, "config-property");
        assertFalse(properties.isEmpty());
        for (Element property : properties) {
            String name = text(property, "config-property-name");
            assertEquals("java.lang.String", text(property, "config-property-type"), name);
            PropertyDescriptor found = beans.get(name);
            assertNotNull(found, type.getSimpleName() + " has no property " + name);
            assertEquals(String.class, found.getPropertyType(), name);
            assertNotNull(found.getWriteMethod(), name);
            List<Element> values = children(property, "config-property-value");
            String value = values.isEmpty() ? null : values.get(0).getTextContent();
            assertEquals(value, found.getReadMethod().invoke(bean), name);
        }
    }

    @Test
    void itIsADescriptorOfConnectorsTwoPointOne() {
        assertEquals("2.1", connector.getAttribute("version"));
        assertEquals("https://jakarta.ee/xml/ns/jakartaee", connector.getAttribute("xmlns"));
        String version = text(connector, "resourceadapter-version");
        assertTrue(version.matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), version);
    }

    @Test
    void theResourceAdapterIsThere() throws Exception {
        Class<?> type = Class.forName(text(adapter(), "resourceadapter-class"));
        assertTrue(ResourceAdapter.class.isAssignableFrom(type));
        checkProperties(adapter(), type);
    }

    @Test
    void theClassesOfConnectionDefinitionsAreThere() throws Exception {
        for (Element definition : definitions()) {
            Class<?> factory = Class.forName(text(definition, "managedconnectionfactory-class"));
            assertTrue(ManagedConnectionFactory.class.isAssignableFrom(factory));
            checkProperties(definition, factory);
            assertImplements(definition, "connectionfactory-impl-class", "connectionfactory-interface");
            assertImplements(definition, "connection-impl-class", "connection-interface");
        }
    }

    private static void assertImplements(Element definition, String implementation, String contract) throws Exception {
        Class<?> type = Class.forName(text(definition, contract));
        assertTrue(type.isAssignableFrom(Class.forName(text(definition, implementation))), implementation);
    }

    @Test
    void interfacesDoNotCollide() {
        List<String> all = new ArrayList<>();
        definitions().forEach(definition -> all.add(text(definition, "connectionfactory-interface")));
        children(adapter(), "adminobject").forEach(object -> all.add(text(object, "adminobject-interface")));
        assertEquals(List.copyOf(java.util.Set.copyOf(all)).size(), all.size(), all::toString);
    }

    @Test
    void itPromisesTheTransactionsThatTheFactoryHas() {
        assertEquals(
                new PosthornManagedConnectionFactory().getTransactionSupport().name(),
                text(child(adapter(), "outbound-resourceadapter"), "transaction-support"));
    }

    @Test
    void theClassesOfAdministeredObjectsAreThere() throws Exception {
        List<Element> objects = children(adapter(), "adminobject");
        assertEquals(2, objects.size());
        for (Element object : objects) {
            Class<?> type = Class.forName(text(object, "adminobject-class"));
            Class<?> contract = Class.forName(text(object, "adminobject-interface"));
            assertTrue(contract.isAssignableFrom(type));
            checkProperties(object, type);
            assertArrayEquals(
                    new Class<?>[] {contract},
                    type.getAnnotation(AdministeredObject.class).adminObjectInterfaces());
        }
    }

    @Test
    void theActivationIsThere() throws Exception {
        Element listener =
                child(child(child(adapter(), "inbound-resourceadapter"), "messageadapter"), "messagelistener");
        Class<?> type = Class.forName(text(child(listener, "activationspec"), "activationspec-class"));
        assertTrue(ActivationSpec.class.isAssignableFrom(type));
        assertArrayEquals(
                new Class<?>[] {Class.forName(text(listener, "messagelistener-type"))},
                type.getAnnotation(Activation.class).messageListeners());
    }

    @Test
    void annotationsAgree() throws Exception {
        Connector annotation = PosthornResourceAdapter.class.getAnnotation(Connector.class);
        Element outbound = child(adapter(), "outbound-resourceadapter");
        assertEquals(text(connector, "vendor-name"), annotation.vendorName());
        assertEquals(text(connector, "eis-type"), annotation.eisType());
        assertEquals(text(connector, "display-name"), annotation.displayName()[0]);
        assertEquals(
                text(outbound, "transaction-support"),
                annotation.transactionSupport().name());
        assertEquals(
                text(child(outbound, "authentication-mechanism"), "authentication-mechanism-type"),
                annotation.authMechanisms()[0].authMechanism());
        assertEquals(Boolean.valueOf(text(outbound, "reauthentication-support")), annotation.reauthenticationSupport());
        assertEquals(3, definitions().size());
        for (Element definition : definitions()) {
            ConnectionDefinition of = Class.forName(text(definition, "managedconnectionfactory-class"))
                    .getAnnotation(ConnectionDefinition.class);
            assertEquals(
                    text(definition, "connectionfactory-interface"),
                    of.connectionFactory().getName());
            assertEquals(
                    text(definition, "connectionfactory-impl-class"),
                    of.connectionFactoryImpl().getName());
            assertEquals(
                    text(definition, "connection-interface"), of.connection().getName());
            assertEquals(
                    text(definition, "connection-impl-class"),
                    of.connectionImpl().getName());
        }
    }

    /** The options of a URL are those that the client lists when it is given one it does not know. */
    @Test
    void everyOptionOfTheUrlIsAProperty() {
        String known = assertThrows(
                        IllegalArgumentException.class, () -> new PosthornConnectionFactory("posthorn://h?none=1"))
                .getMessage();
        Set<String> options = new TreeSet<>(List.of(known.substring(known.indexOf("known are ") + "known are ".length())
                .split(", ")));
        options.add("connectionUrl");
        List<Element> owners = new ArrayList<>(definitions());
        owners.add(adapter());
        for (Element owner : owners) {
            assertEquals(
                    options,
                    children(owner, "config-property").stream()
                            .map(property -> text(property, "config-property-name"))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }
}
