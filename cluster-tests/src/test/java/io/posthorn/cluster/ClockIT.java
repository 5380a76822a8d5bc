package io.posthorn.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.cluster.harness.Cluster;
import io.posthorn.cluster.harness.ClusterFiles;
import io.posthorn.cluster.load.Load;
import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker whose wall clock is set: delays and expiry follow the clock, whoever set it, and nothing else does. */
class ClockIT {

    @RegisterExtension
    final ClusterFiles files = new ClusterFiles();

    @Test
    void delaysFollowTheClockAndNothingElseDoes() throws Exception {
        try (Cluster cluster = Shape.ONE_MASTER.start(files.dir());
                JMSContext context = new PosthornConnectionFactory(cluster.url(Load.options())).createContext()) {
            Queue queue = context.createQueue("clock");
            JMSConsumer consumer = context.createConsumer(queue);
            context.createProducer()
                    .setDeliveryDelay(Duration.ofHours(1).toMillis())
                    .send(queue, "in an hour");
            context.createProducer().send(queue, "at once");
            assertEquals("at once", consumer.receiveBody(String.class, 20_000));
            assertNull(consumer.receiveNoWait());
            cluster.clock().jump(Duration.ofHours(2));
            assertEquals("in an hour", consumer.receiveBody(String.class, 20_000));
            cluster.clock().jump(Duration.ofHours(-4));
            context.createProducer().send(queue, "two hours ago");
            assertEquals("two hours ago", consumer.receiveBody(String.class, 20_000));
            assertNull(consumer.receiveNoWait());
        }
    }
}
