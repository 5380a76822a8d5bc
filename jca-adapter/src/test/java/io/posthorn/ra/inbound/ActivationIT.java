package io.posthorn.ra.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.ra.PosthornManagedConnectionFactory;
import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Activations that fail, wait, lose their server, and end. */
class ActivationIT extends InboundTest {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Bean recorder() {
        return new Bean(name, transactions, message -> seen.add(message.getText()));
    }

    @Test
    void aWrongUserIsRefused() {
        PosthornActivationSpec spec = queueSpec();
        spec.setUser("nobody");
        spec.setPassword("wrong");
        SecurityException refused =
                assertThrows(SecurityException.class, () -> adapter.endpointActivation(recorder(), spec));
        assertTrue(refused.getMessage().contains("nobody"), refused.getMessage());
        assertNotNull(refused.getCause());
    }

    @Test
    void anIllegalPropertyIsRefused() {
        PosthornActivationSpec spec = queueSpec();
        spec.setDestinationType("nothing");
        assertThrows(ResourceException.class, () -> adapter.endpointActivation(recorder(), spec));
    }

    @Test
    void anAdapterThatIsNotStartedRefuses() {
        PosthornResourceAdapter stopped = new PosthornResourceAdapter();
        assertThrows(IllegalStateException.class, () -> stopped.endpointActivation(recorder(), queueSpec()));
    }

    @Test
    void anEndpointIsActivatedOnceAtATime() throws Exception {
        Bean bean = recorder();
        PosthornActivationSpec spec = queueSpec();
        adapter.endpointActivation(bean, spec);
        assertThrows(ResourceException.class, () -> adapter.endpointActivation(bean, spec));
        sendToQueue("still");
        Await.until("the message", () -> seen.size() == 1);
    }

    /** The name it was activated with may mean nothing where the server recovers. */
    @Test
    void anActiveEndpointIsRecoveredWhereItLeads() throws Exception {
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setConnectionUrl(server.url() + "?failoverTimeoutMs=1000");
        TestNames.BOUND.put("java:comp/env/jms/there", factory.createConnectionFactory(null));
        adapter.setConnectionUrl("posthorn://nowhere");
        PosthornActivationSpec spec = queueSpec();
        spec.setConnectionFactoryLookup("java:comp/env/jms/there");
        adapter.endpointActivation(recorder(), spec);
        TestNames.BOUND.remove("java:comp/env/jms/there");
        XAResource recovering = adapter.getXAResources(new ActivationSpec[] {spec})[0];
        assertEquals(0, recovering.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN).length);
    }

    @Test
    void aServerThatComesLaterIsFound(@TempDir Path own) throws Exception {
        try (ServerProcess late = ServerProcess.standalone(own.resolve("data"))) {
            late.kill();
            PosthornActivationSpec spec = queueSpec();
            spec.setConnectionUrl(late.url() + "?connectTimeoutMs=2000");
            Bean bean = recorder();
            adapter.endpointActivation(bean, spec);
            assertEquals(0, bean.created.get());
            late.start();
            sendTo(late.url(), "late");
            Await.until("the message", () -> seen.size() == 1);
            adapter.endpointDeactivation(bean, spec);
        }
    }

    private void sendTo(String url, String... texts) throws Exception {
        try (var connection = new io.posthorn.jms.PosthornConnectionFactory(url).createConnection();
                var session = connection.createSession()) {
            send(session, session.createQueue(name), null, texts);
        }
    }

    @Test
    void aRestartOfTheServerIsSurvivedUnderLoad(@TempDir Path own) throws Exception {
        checkRestart(own, "");
    }

    @Test
    void aConnectionThatIsLostForGoodIsMadeAnew(@TempDir Path own) throws Exception {
        checkRestart(own, "?failoverTimeoutMs=1&connectTimeoutMs=1000");
    }

    /** Persistent messages, a transaction each: none is lost, and none is committed twice. */
    private void checkRestart(Path own, String options) throws Exception {
        int count = 200;
        try (ServerProcess mortal = ServerProcess.standalone(own.resolve("data"))) {
            sendTo(mortal.url(), numbered("m", count));
            List<String> committed = new CopyOnWriteArrayList<>();
            PosthornActivationSpec spec = queueSpec();
            spec.setConnectionUrl(mortal.url() + options);
            spec.setMaxSessions("3");
            CountDownLatch half = new CountDownLatch(count / 2);
            Bean bean = new Bean(name, transactions, message -> {
                committed.add(message.getText());
                half.countDown();
            });
            adapter.endpointActivation(bean, spec);
            assertTrue(half.await(COMES_MS, TimeUnit.MILLISECONDS));
            mortal.kill();
            mortal.start();
            Await.until("all messages", () -> new HashSet<>(committed).size() == count);
            adapter.endpointDeactivation(bean, spec);
            assertEquals(bean.created.get(), bean.released.get());
            assertEquals(Set.of(numbered("m", count)), new TreeSet<>(committed));
        }
    }

    @Test
    void stoppingTheAdapterEndsAllEndpointsAndWaitsForTheirBeans() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Bean> beans = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Bean bean = new Bean(name + i, transactions, message -> {
                inside.countDown();
                goOn.await();
                seen.add(message.getText());
            });
            beans.add(bean);
            PosthornActivationSpec spec = queueSpec();
            spec.setMaxSessions("1");
            adapter.endpointActivation(bean, spec);
        }
        // Window and all: what waits behind the two that are worked on goes back.
        sendToQueue(numbered("m", 12));
        assertTrue(inside.await(COMES_MS, TimeUnit.MILLISECONDS));
        Thread stopping = new Thread(adapter::stop);
        stopping.start();
        Await.until("the rest is back", () -> left(name).size() == 10);
        assertTrue(stopping.isAlive(), "stop has not waited for the beans");
        goOn.countDown();
        stopping.join(COMES_MS);
        assertEquals(2, seen.size());
        for (Bean bean : beans) {
            assertEquals(bean.created.get(), bean.released.get());
        }
        assertEquals(List.of(), left(name));
    }

    @Test
    void nothingOfAnApplicationStaysBehind() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        WeakReference<ClassLoader> application = comeAndGo();
        Await.until("the threads are gone", () -> ownThreads(before).isEmpty());
        applicationServer.close();
        Await.until("the application's class loader is gone", () -> {
            System.gc();
            return application.get() == null;
        });
    }

    private static List<String> ownThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(thread -> thread.startsWith("posthorn"))
                .toList();
    }

    /** An application with a class loader of its own, which is the context class loader of whoever deploys it. */
    private WeakReference<ClassLoader> comeAndGo() throws Exception {
        ClassLoader loader = new URLClassLoader(new URL[0], ActivationIT.class.getClassLoader());
        Thread deployer = Thread.currentThread();
        ClassLoader usual = deployer.getContextClassLoader();
        deployer.setContextClassLoader(loader);
        try {
            Bean bean = recorder();
            MessageEndpointFactory factory = ofApplication(loader, bean);
            PosthornActivationSpec spec = queueSpec();
            for (int round = 0; round < 3; round++) {
                adapter.endpointActivation(factory, spec);
                sendToQueue("m" + round);
                int goal = round + 1;
                Await.until("a message", () -> seen.size() == goal);
                adapter.endpointDeactivation(factory, spec);
            }
            assertEquals(bean.created.get(), bean.released.get());
        } finally {
            deployer.setContextClassLoader(usual);
        }
        return new WeakReference<>(loader);
    }

    /** The bean behind classes of the application's loader. */
    private static MessageEndpointFactory ofApplication(ClassLoader loader, Bean bean) {
        return (MessageEndpointFactory) Proxy.newProxyInstance(
                loader, new Class<?>[] {MessageEndpointFactory.class}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return switch (method.getName()) {
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "an endpoint factory";
                        };
                    }
                    Object result = method.invoke(bean, arguments);
                    return result instanceof MessageEndpoint endpoint
                            ? Proxy.newProxyInstance(
                                    loader,
                                    new Class<?>[] {MessageEndpoint.class, MessageListener.class},
                                    (also, call, with) -> call.invoke(endpoint, with))
                            : result;
                });
    }
}
