package io.posthorn.ra.inbound;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.posthorn.ra.PosthornManagedConnectionFactory;
import io.posthorn.ra.PosthornResourceAdapter;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where branches are looked for of activations that say with a connection factory whom they connect to. */
class RecoveredClustersTest {

    private static final String NAME = "jms/recovered";

    private final PosthornResourceAdapter adapter = new PosthornResourceAdapter();
    private final PosthornActivationSpec named = new PosthornActivationSpec();
    private final PosthornActivationSpec direct = new PosthornActivationSpec();

    @BeforeEach
    void lead() throws ResourceException {
        adapter.setConnectionUrl("posthorn://here");
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setResourceAdapter(adapter);
        factory.setConnectionUrl("posthorn://elsewhere");
        factory.setUser("ann");
        TestNames.BOUND.put(NAME, factory.createConnectionFactory(null));
        named.setConnectionFactoryLookup(NAME);
        direct.setConnectionUrl("posthorn://elsewhere");
        direct.setUser("ann");
    }

    @AfterEach
    void forget() {
        TestNames.BOUND.remove(NAME);
    }

    private XAResource of(ActivationSpec spec) {
        return adapter.getXAResources(new ActivationSpec[] {spec})[0];
    }

    @Test
    void itIsThatOfTheConnectionFactory() {
        assertSame(of(direct), of(named));
        assertNotSame(of(new PosthornActivationSpec()), of(named));
    }

    @Test
    void aNameThatMeansNothingLeavesTheOthers() {
        TestNames.BOUND.remove(NAME);
        XAResource[] found = adapter.getXAResources(new ActivationSpec[] {named, direct});
        assertSame(of(direct), found[0]);
        assertSame(1, found.length);
    }
}
