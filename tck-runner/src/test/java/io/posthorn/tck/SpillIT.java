package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Non-persistent messages go to the disk while memory is short. */
class SpillIT {

    private static final long COMES_MS = 20_000;

    @TempDir
    Path temp;

    @Test
    void moreThanTheHeapHoldsComesBackInOrder() throws Exception {
        int count = DeepLoad.count("nonPersistent", 20_000);
        Path data = temp.resolve("data");
        try (ServerProcess server = ServerProcess.standaloneIn("-Xmx64m", data, "--non-persistent-bytes", "12582912");
                JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            Queue queue = context.createQueue("deep");
            JMSProducer producer = context.createProducer().setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            CompletableFuture<Exception> failed = new CompletableFuture<>();
            context.setExceptionListener(failed::complete);
            byte[] body = new byte[3072];
            for (int n = 0; n < count; n++) {
                producer.setProperty("n", n).send(queue, body);
            }
            assertTrue(Files.size(data.resolve("spill/data.mdb")) > 1L << 24);
            JMSConsumer consumer = context.createConsumer(queue);
            for (int n = 0; n < count; n++) {
                Message message = consumer.receive(COMES_MS);
                assertNotNull(message, "message " + n);
                assertEquals(n, message.getIntProperty("n"));
            }
            assertNull(consumer.receiveNoWait());
            assertFalse(failed.isDone(), "a send has failed");
            server.kill();
            server.start();
            assertFalse(Files.exists(data.resolve("spill")));
        }
    }

    @Test
    void bothLimitsAreNamedWhenTheyAreReached() throws Exception {
        try (ServerProcess server = ServerProcess.standalone(
                        temp.resolve("data"),
                        "--non-persistent-bytes",
                        "16777216",
                        "--non-persistent-spill-bytes",
                        "1048576");
                JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            Queue queue = context.createQueue("full");
            CompletableFuture<Exception> failed = new CompletableFuture<>();
            context.setExceptionListener(failed::complete);
            JMSProducer producer = context.createProducer().setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            byte[] body = new byte[50_000];
            try {
                for (int n = 0; n < 1000 && !failed.isDone(); n++) {
                    producer.send(queue, body);
                }
            } catch (ResourceAllocationRuntimeException awaited) {
                failed.complete(awaited);
            }
            String text = failed.get(COMES_MS, TimeUnit.MILLISECONDS).getMessage();
            assertTrue(text.contains("nonPersistentBytes=16777216"), text);
            assertTrue(text.contains("nonPersistentSpillBytes=1048576"), text);
        }
    }
}
