package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.posthorn.ra.settings.ClientUrl;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;

/** The names themselves are WildFly's, and are tested with it. */
class RecoveryNamesTest {

    private static final ClientUrl SETTINGS = new ClientUrl("posthorn://127.0.0.1:9876", null, null);

    private final XAResource resource = RecoveryResource.of(SETTINGS);
    private final RecoveryNames names = new RecoveryNames();

    @Test
    void withoutPoolsResourcesStayAsTheyAre() {
        assertSame(resource, names.named(resource, SETTINGS));
    }

    @Test
    void inOtherServersResourcesStayAsTheyAre() {
        names.add(new PosthornManagedConnectionFactory(), new NamedManager());
        assertSame(resource, names.named(resource, SETTINGS));
    }

    @Test
    void aPoolThatIsGoneIsForgotten() {
        NamedManager kept = new NamedManager();
        names.add(new PosthornManagedConnectionFactory(), kept);
        names.add(new PosthornManagedConnectionFactory(), new NamedManager());
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (names.count() > 1) {
                System.gc();
                names.add(new PosthornManagedConnectionFactory(), null);
            }
        });
        assertEquals(1, names.count());
        Reference.reachabilityFence(kept);
    }

    /** As WildFly's, which tells the name of its pool; but WildFly's other classes are not there. */
    public static final class NamedManager implements ConnectionManager {
        private static final long serialVersionUID = 1L;

        public String getJndiName() {
            return "java:/jms/factory";
        }

        @Override
        public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request) {
            throw new UnsupportedOperationException("no connection is asked for");
        }
    }
}
