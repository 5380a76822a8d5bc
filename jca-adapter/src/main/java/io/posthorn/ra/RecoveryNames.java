package io.posthorn.ra;

import io.posthorn.ra.settings.ClientUrl;
import jakarta.resource.spi.ConnectionManager;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives resources the JNDI name of a connection pool, in WildFly. After a crash its transaction manager takes a branch that no resource manager
 * has prepared for finished only if the branch's resource bore the name of a pool, and that pool's recovery could ask the broker; any other it goes on
 * looking for, with a warning (ARJUNA016037) at each pass. WildFly names the resources of its pools itself, but not those that come with
 * a message. These get the name of a pool that leads to the same brokers as the same user. They join nobody's branch: the manager ends a
 * resource that joined twice, and warns when it is refused (ARJUNA016129), which would be at each message that is answered.
 *
 * <p>It is done by reflection: other servers do not have the classes, and there resources stay as they are. Any thread.
 */
final class RecoveryNames {

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryNames.class);

    private static final String WRAPPER = "org.jboss.jca.core.tx.jbossts.XAResourceWrapperImpl";
    private static final String PRODUCT = "Posthorn";
    private static final Boolean SAME_AS_NONE = Boolean.FALSE;
    private static final Set<String> NO_OPTIONS = Set.of();

    /** The pools of applications come and go with them, and nobody tells the adapter when they go. */
    private record Pool(PosthornManagedConnectionFactory factory, WeakReference<ConnectionManager> manager) {}

    private final List<Pool> pools = new CopyOnWriteArrayList<>();

    /** A pool has come into being. Its name may become known later. */
    void add(PosthornManagedConnectionFactory factory, ConnectionManager manager) {
        pools.removeIf(pool -> pool.manager.get() == null);
        if (isNamed(manager)) {
            pools.add(new Pool(factory, new WeakReference<>(manager)));
        }
    }

    /** How many pools it knows. */
    int count() {
        return pools.size();
    }

    void clear() {
        pools.clear();
    }

    /** The resource under the name of a pool, or as it is when there is no such pool. */
    XAResource named(XAResource resource, ClientUrl connection) {
        ClientUrl where = connection.withOnly(NO_OPTIONS);
        for (Pool pool : pools) {
            String name = pool.factory.settings().withOnly(NO_OPTIONS).equals(where) ? nameOf(pool) : null;
            if (name != null) {
                return wrapped(resource, name);
            }
        }
        return resource;
    }

    private static boolean isNamed(ConnectionManager manager) {
        try {
            return manager != null
                    && manager.getClass().getMethod("getJndiName").getReturnType() == String.class;
        } catch (NoSuchMethodException another) {
            return false;
        }
    }

    private static String nameOf(Pool pool) {
        ConnectionManager manager = pool.manager.get();
        if (manager == null) {
            return null;
        }
        try {
            return (String) manager.getClass().getMethod("getJndiName").invoke(manager);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException another) {
            LOG.debug("a pool does not tell its name", another);
            return null;
        }
    }

    private static XAResource wrapped(XAResource resource, String name) {
        try {
            return (XAResource) Class.forName(WRAPPER, true, RecoveryNames.class.getClassLoader())
                    .getConstructor(
                            XAResource.class, boolean.class, Boolean.class, String.class, String.class, String.class)
                    .newInstance(resource, false, SAME_AS_NONE, PRODUCT, "", name);
        } catch (ReflectiveOperationException | LinkageError another) {
            LOG.debug("resources of message-driven beans stay without a name", another);
            return resource;
        }
    }
}
