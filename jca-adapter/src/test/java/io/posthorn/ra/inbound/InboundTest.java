package io.posthorn.ra.inbound;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A started resource adapter in a small application server with Narayana, and the real server as its own process. */
abstract class InboundTest {

    static final long COMES_MS = 20_000;
    static final long ABSENT_MS = 150;

    @TempDir
    static Path directory;

    static ServerProcess server;
    static TransactionManager transactions;

    final TestServer applicationServer = new TestServer();
    final PosthornResourceAdapter adapter = new PosthornResourceAdapter();
    String name;

    @BeforeAll
    static void startServer() throws Exception {
        arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier("posthorn-ra");
        for (String store : new String[] {null, "communicationStore", "stateStore"}) {
            ObjectStoreEnvironmentBean bean = store == null
                    ? BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class)
                    : BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store);
            bean.setObjectStoreDir(directory.resolve("transactions").toString());
        }
        arjPropertyManager.getCoordinatorEnvironmentBean().setTransactionStatusManagerEnable(false);
        transactions = com.arjuna.ats.jta.TransactionManager.transactionManager();
        server = ServerProcess.standalone(directory.resolve("data"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void startAdapter(TestInfo test) throws Exception {
        name = test.getTestMethod().orElseThrow().getName();
        adapter.setConnectionUrl(server.url());
        adapter.start(applicationServer);
    }

    @AfterEach
    void stopAdapter() throws Exception {
        adapter.stop();
        applicationServer.close();
    }

    PosthornActivationSpec queueSpec() {
        PosthornActivationSpec spec = new PosthornActivationSpec();
        spec.setDestination(name);
        spec.setDestinationType("jakarta.jms.Queue");
        return spec;
    }

    PosthornActivationSpec topicSpec() {
        PosthornActivationSpec spec = new PosthornActivationSpec();
        spec.setDestination(name);
        spec.setDestinationType("jakarta.jms.Topic");
        return spec;
    }

    // ---- an application beside it

    interface Step<T> {
        T run(Session session) throws JMSException;
    }

    static <T> T client(Step<T> step) throws JMSException {
        try (Connection connection = new PosthornConnectionFactory(server.url()).createConnection();
                Session session = connection.createSession()) {
            connection.start();
            return step.run(session);
        }
    }

    void sendToQueue(String... texts) throws JMSException {
        client(session -> send(session, session.createQueue(name), null, texts));
    }

    void sendToTopic(String... texts) throws JMSException {
        client(session -> send(session, session.createTopic(name), null, texts));
    }

    static Void send(Session session, Destination to, String group, String... texts) throws JMSException {
        try (MessageProducer producer = session.createProducer(to)) {
            for (String text : texts) {
                TextMessage message = session.createTextMessage(text);
                if (group != null) {
                    message.setStringProperty("JMSXGroupID", group);
                }
                producer.send(message);
            }
        }
        return null;
    }

    /** All that is left in a queue. */
    static List<String> left(String queue) throws JMSException {
        return client(session -> {
            List<String> found = new ArrayList<>();
            try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
                for (TextMessage next = (TextMessage) consumer.receive(ABSENT_MS);
                        next != null;
                        next = (TextMessage) consumer.receive(ABSENT_MS)) {
                    found.add(next.getText());
                }
            }
            return found;
        });
    }

    static String[] numbered(String prefix, int count) {
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = prefix + i;
        }
        return texts;
    }
}
