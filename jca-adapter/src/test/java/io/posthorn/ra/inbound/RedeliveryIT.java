package io.posthorn.ra.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import jakarta.jms.TextMessage;
import jakarta.transaction.TransactionManager;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an activation says about messages that come again; with transactions and without. */
class RedeliveryIT extends InboundTest {

    private final List<String> tries = new CopyOnWriteArrayList<>();
    private final List<Long> timesNs = new CopyOnWriteArrayList<>();

    private static TransactionManager transactions(boolean transacted) {
        return transacted ? transactions : null;
    }

    /** Fails at what begins with "poison". */
    private Bean bean(boolean transacted) {
        return new Bean(name, transactions(transacted), message -> {
            tries.add(message.getText());
            timesNs.add(System.nanoTime());
            if (message.getText().startsWith("poison")) {
                throw new IllegalStateException("poison");
            }
        });
    }

    private long triesOf(String text) {
        return tries.stream().filter(text::equals).count();
    }

    private static TextMessage take(String queue) throws Exception {
        return client(session ->
                (TextMessage) session.createConsumer(session.createQueue(queue)).receive(COMES_MS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theActivationsLimitCounts(boolean transacted) throws Exception {
        name += transacted;
        sendToQueue("poison", "good");
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxDeliveries("3");
        Bean bean = bean(transacted);
        adapter.endpointActivation(bean, spec);
        TextMessage dead = take("DLQ.QUEUE." + name);
        assertEquals("poison", dead.getText());
        // The three tries, and the delivery at which it was turned away.
        assertEquals(4, dead.getIntProperty("JMS_PH_DeadLetterDeliveries"));
        Await.until("the good one", () -> triesOf("good") == 1);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(3, triesOf("poison"));
        assertEquals(List.of(), left(name));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deadLettersGoWhereTheActivationSays(boolean transacted) throws Exception {
        name += transacted;
        sendToQueue("poison", "good");
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxDeliveries("2");
        spec.setDeadLetterDestination(name + ".dead");
        Bean bean = bean(transacted);
        adapter.endpointActivation(bean, spec);
        TextMessage dead = take(name + ".dead");
        assertEquals("poison", dead.getText());
        assertEquals("delivered 2 times", dead.getStringProperty("JMS_PH_DeadLetterReason"));
        assertEquals(2, dead.getIntProperty("JMS_PH_DeadLetterDeliveries"));
        assertTrue(dead.getStringProperty("JMS_PH_DeadLetterOrigin").contains(name));
        Await.until("the good one", () -> triesOf("good") == 1);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(2, triesOf("poison"));
        assertEquals(List.of(), left(name));
        assertEquals(List.of(), left("DLQ.QUEUE." + name));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void triesWaitLongerAndLongerAndOthersGoOnMeanwhile(boolean transacted) throws Exception {
        name += transacted;
        sendToQueue("poison");
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("2");
        spec.setMaxDeliveries("4");
        spec.setRedeliveryDelayMs("200");
        spec.setBackoffMultiplier("2");
        spec.setMaxRedeliveryDelayMs("600");
        Bean bean = bean(transacted);
        adapter.endpointActivation(bean, spec);
        Await.until("the first try", () -> tries.size() == 1);
        sendToQueue(numbered("good", 30));
        assertEquals("poison", take("DLQ.QUEUE." + name).getText());
        Await.until("all good ones", () -> tries.size() == 34);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(4, triesOf("poison"));
        long before = 0;
        long[] leastMs = {0, 200, 400, 600};
        int number = 0;
        for (int i = 0; i < tries.size(); i++) {
            if (tries.get(i).equals("poison")) {
                long gapMs = TimeUnit.NANOSECONDS.toMillis(timesNs.get(i) - before);
                assertTrue(number == 0 || gapMs >= leastMs[number] - 2, "try " + number + " after " + gapMs + " ms");
                before = timesNs.get(i);
                number++;
            }
        }
        assertTrue(tries.indexOf("good0") < tries.lastIndexOf("poison"), "the others waited, too");
        assertEquals(List.of(), left(name));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageThatWaitsGoesBackWithTheActivation(boolean transacted) throws Exception {
        name += transacted;
        sendToQueue("poison", "good");
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("1");
        spec.setRedeliveryDelayMs("60000");
        Bean bean = bean(transacted);
        adapter.endpointActivation(bean, spec);
        Await.until("the first try", () -> triesOf("poison") == 1);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(1, triesOf("poison"));
        assertTrue(left(name).contains("poison"));
    }
}
