package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import io.posthorn.time.Clock;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What reading from a Slave saves the Master: a cold backlog is drained from the Master alone, and another one like it with the Slave. Prints figures.
 * The number of messages is the property {@code posthorn.slaveread.messages}.
 */
@Tag("benchmark")
class SlaveDrainIT {

    private static final int MESSAGES = Integer.getInteger("posthorn.slaveread.messages", 1_000_000);

    @TempDir
    Path dir;

    private ReplicaGroup group;

    @BeforeEach
    void start() {
        group = new ReplicaGroup(dir);
        group.add("--checkpoint-interval-ms", "2000");
        group.add("--checkpoint-interval-ms", "2000", "--slave-read-enable", "true");
    }

    @AfterEach
    void stop() {
        group.close();
    }

    @Test
    void theMasterReadsFewBodiesWithASlave() throws Exception {
        group.awaitInSync(0, 2);
        fill("alone");
        fill("shared");
        long bodies = (long) MESSAGES * DeepLoad.BODY_BYTES;
        ReplicaStatusResponse alone = drain("alone", "?slaveRead=false");
        assertTrue(alone.bodyBytesRead() >= bodies * 9 / 10, alone.toString());
        ReplicaStatusResponse shared = drain("shared", "");
        assertTrue(shared.bodyBytesRead() <= bodies / 20, shared.toString());
    }

    private void fill(String queue) throws JMSException {
        try (Connection connection = new PosthornConnectionFactory(group.url()).createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue(queue));
            for (int n = 0; n < MESSAGES; n++) {
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(new byte[DeepLoad.BODY_BYTES]);
                message.setIntProperty("n", n);
                producer.send(message);
                if (n % 500 == 499) {
                    session.commit();
                }
            }
            session.commit();
        }
    }

    /** Drains a queue that is on disk only; returns how the Master stands afterwards. */
    private ReplicaStatusResponse drain(String queue, String options) throws Exception {
        Await.until("everything is in the tables", () -> {
            ReplicaStatusResponse master = group.status(0);
            ReplicaStatusResponse slave = group.status(1);
            return master != null && slave != null && master.folded() == master.end() && slave.folded() == master.end();
        });
        group.broker(0).kill();
        group.broker(0).start();
        group.awaitCaughtUp(1, 0);
        ReplicaStatusResponse slaveBefore = group.status(1);
        double masterCpu = group.broker(0).cpuSeconds();
        double slaveCpu = group.broker(1).cpuSeconds();
        double clientCpu = ServerProcess.cpuSeconds(ProcessHandle.current());
        long startNs = Clock.system().monotonicNs();
        try (Connection connection = new PosthornConnectionFactory(group.url() + options).createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            connection.start();
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
            DeepLoad.drain(group.broker(0), consumer, session, 0, MESSAGES, 1);
            assertNull(consumer.receiveNoWait());
        }
        double seconds = (Clock.system().monotonicNs() - startNs) / 1e9;
        ReplicaStatusResponse master = group.status(0);
        System.out.printf(
                "slaveread: %s: %d messages in %.1f s; body bytes read: Master %d, Slave %d; CPU seconds: Master %.1f,"
                        + " Slave %.1f, client %.1f%n",
                queue,
                MESSAGES,
                seconds,
                master.bodyBytesRead(),
                group.status(1).bodyBytesRead() - slaveBefore.bodyBytesRead(),
                group.broker(0).cpuSeconds() - masterCpu,
                group.broker(1).cpuSeconds() - slaveCpu,
                ServerProcess.cpuSeconds(ProcessHandle.current()) - clientCpu);
        return master;
    }
}
