package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import org.junit.jupiter.api.Test;

class PosthornResourceAdapterTest {

    private final PosthornResourceAdapter adapter = new PosthornResourceAdapter();

    @Test
    void itStartsAndStops() throws Exception {
        adapter.start(null);
        adapter.stop();
    }

    @Test
    void aBadUrlIsRefusedAtDeployment() {
        adapter.setConnectionUrl("posthorn://127.0.0.1:9876?colour=blue");
        ResourceAdapterInternalException refused =
                assertThrows(ResourceAdapterInternalException.class, () -> adapter.start(null));
        assertTrue(refused.getMessage().contains("connectionUrl"), refused.getMessage());
        assertTrue(refused.getMessage().contains("colour"), refused.getMessage());
    }

    @Test
    void aBadUrlOfAConnectionFactoryIsRefusedAtDeployment() {
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setConnectionUrl("http://example.org");
        assertThrows(InvalidPropertyException.class, () -> factory.createConnectionFactory(null));
        assertThrows(InvalidPropertyException.class, factory::createConnectionFactory);
    }

    @Test
    void thereIsNothingToRecover() {
        assertEquals(0, adapter.getXAResources(new ActivationSpec[0]).length);
    }

    @Test
    void adaptersWithTheSameSettingsAreEqual() {
        PosthornResourceAdapter other = new PosthornResourceAdapter();
        assertEquals(adapter, other);
        assertEquals(adapter.hashCode(), other.hashCode());
        other.setUser("somebody");
        assertTrue(!adapter.equals(other));
    }
}
