package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.ra.inbound.PosthornActivationSpec;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import javax.transaction.xa.XAResource;
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
    void thereIsOneResourceToRecoverForEachUserAndCluster() {
        adapter.setUser("adapter");
        assertEquals(1, adapter.getXAResources(null).length);
        XAResource own = adapter.getXAResources(new ActivationSpec[0])[0];
        assertSame(own, adapter.getXAResources(new ActivationSpec[0])[0]);
        adapter.setUser("other");
        assertNotSame(own, adapter.getXAResources(new ActivationSpec[0])[0]);
    }

    @Test
    void whatActivationsDoNotShareDoesNotMultiplyResources() {
        PosthornActivationSpec orders = new PosthornActivationSpec();
        orders.setClientId("orders");
        orders.setWindowSize("5");
        PosthornActivationSpec news = new PosthornActivationSpec();
        XAResource[] both = adapter.getXAResources(new ActivationSpec[] {orders, news});
        assertEquals(1, both.length);
        news.setUser("ann");
        orders.setConnectionUrl("posthorn://elsewhere");
        XAResource[] two = adapter.getXAResources(new ActivationSpec[] {orders, news});
        assertEquals(2, two.length);
        assertNotSame(both[0], two[0]);
    }

    @Test
    void aBadOptionIsRefusedAtDeploymentByItsName() {
        adapter.setWindowSize("many");
        ResourceAdapterInternalException refused =
                assertThrows(ResourceAdapterInternalException.class, () -> adapter.start(null));
        assertTrue(refused.getMessage().contains("property windowSize"), refused.getMessage());
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setSendTimeoutMs("-1");
        InvalidPropertyException bad =
                assertThrows(InvalidPropertyException.class, () -> factory.createConnectionFactory(null));
        assertTrue(bad.getMessage().contains("property sendTimeoutMs"), bad.getMessage());
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
