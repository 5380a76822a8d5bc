import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Producer and push consumer of Apache RocketMQ. Launched as a single source file; nothing of ours is on its class path.
 *
 * <p>Arguments: NameServers, topic, number of messages. Sends that many and prints how many came back; again for each
 * line that comes; ends with its input.
 */
public final class GenuineClient {

    /** For machines that are busy with something else. */
    private static final int TIMEOUT_MS = 30_000;

    public static void main(String[] args) {
        try {
            run(args);
        } catch (Exception failed) {
            failed.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void run(String[] args) throws Exception {
        String topic = args[1];
        int count = Integer.parseInt(args[2]);
        DefaultMQProducer producer = new DefaultMQProducer("genuine-producers");
        producer.setNamesrvAddr(args[0]);
        producer.setMqClientApiTimeout(TIMEOUT_MS);
        producer.start();
        // Creates the topic, so that the consumer finds it.
        send(producer, topic, "first");
        Set<String> received = ConcurrentHashMap.newKeySet();
        AtomicInteger doubled = new AtomicInteger();
        Semaphore arrivals = new Semaphore(0);
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("genuine-consumers");
        consumer.setNamesrvAddr(args[0]);
        consumer.setMqClientApiTimeout(TIMEOUT_MS);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.subscribe(topic, "*");
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            for (MessageExt message : messages) {
                if (received.add(new String(message.getBody(), StandardCharsets.UTF_8))) {
                    arrivals.release();
                } else {
                    doubled.incrementAndGet();
                }
            }
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        arrivals.tryAcquire(1, 60, TimeUnit.SECONDS);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String round = "begin"; round != null; round = in.readLine()) {
            int sent = 0;
            for (int i = 0; i < count; i++) {
                if (send(producer, topic, round + " " + i)) {
                    sent++;
                }
            }
            arrivals.tryAcquire(count, 60, TimeUnit.SECONDS);
            System.out.println("sent " + sent + ", received " + received.size() + " in all, doubled " + doubled);
        }
    }

    private static boolean send(DefaultMQProducer producer, String topic, String text) throws Exception {
        Message message = new Message(topic, text.getBytes(StandardCharsets.UTF_8));
        return producer.send(message, TIMEOUT_MS).getSendStatus() == SendStatus.SEND_OK;
    }
}
