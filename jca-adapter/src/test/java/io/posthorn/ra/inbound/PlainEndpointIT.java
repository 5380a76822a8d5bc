package io.posthorn.ra.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.testing.Await;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Beans without transactions, or with their own; and subscriptions of all kinds. */
class PlainEndpointIT extends InboundTest {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Bean bean(Bean.Code code) {
        return new Bean(name, null, code);
    }

    private Bean recorder() {
        return bean(message -> seen.add(message.getText()));
    }

    private void checkAcknowledged(String mode) throws Exception {
        PosthornActivationSpec spec = queueSpec();
        spec.setAcknowledgeMode(mode);
        Bean bean = recorder();
        adapter.endpointActivation(bean, spec);
        sendToQueue(numbered("m", 100));
        Await.until("100 messages", () -> seen.size() == 100);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(100, new HashSet<>(seen).size());
        assertEquals(List.of(), left(name));
    }

    @Test
    void autoAcknowledge() throws Exception {
        checkAcknowledged("Auto-acknowledge");
    }

    @Test
    void dupsOkAcknowledge() throws Exception {
        checkAcknowledged("DUPS-OK-acknowledge");
    }

    @Test
    void whatTheBeanThrowsAtComesAgain() throws Exception {
        sendToQueue("one", "two");
        List<Integer> counts = new CopyOnWriteArrayList<>();
        Bean bean = bean(message -> {
            if (message.getText().equals("one")) {
                counts.add(message.getIntProperty("JMSXDeliveryCount"));
                if (counts.size() < 3) {
                    throw new IllegalStateException("not yet");
                }
            }
            seen.add(message.getText());
        });
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("1");
        adapter.endpointActivation(bean, spec);
        Await.until("both", () -> seen.size() == 2);
        assertEquals(List.of(1, 2, 3), counts);
        assertEquals(List.of("one", "two"), seen);
    }

    @Test
    void aPoisonMessageBecomesADeadLetter() throws Exception {
        sendToQueue("poison");
        AtomicInteger tries = new AtomicInteger();
        Bean bean = bean(message -> {
            tries.incrementAndGet();
            throw new IllegalStateException("poison");
        });
        adapter.endpointActivation(bean, queueSpec());
        Await.until("the dead letter", () -> left("DLQ.QUEUE." + name).equals(List.of("poison")));
        assertEquals(10, tries.get());
    }

    @Test
    void aTopicWithoutSharingGivesEachActivationItsOwn() throws Exception {
        Bean one = recorder();
        Bean two = recorder();
        PosthornActivationSpec spec = topicSpec();
        adapter.endpointActivation(one, spec);
        adapter.endpointActivation(two, topicSpec());
        sendToTopic("a", "b");
        Await.until("both at both", () -> seen.size() == 4);
        assertEquals(Set.of("a", "b"), Set.copyOf(seen));
    }

    @Test
    void sessionsOfOneActivationShareATopic() throws Exception {
        PosthornActivationSpec spec = topicSpec();
        spec.setMaxSessions("3");
        adapter.endpointActivation(recorder(), spec);
        sendToTopic(numbered("m", 60));
        Await.until("60 messages", () -> seen.size() >= 60);
        assertEquals(60, seen.size());
        assertEquals(60, new HashSet<>(seen).size());
    }

    @Test
    void activationsShareASubscriptionByName() throws Exception {
        PosthornActivationSpec one = topicSpec();
        one.setShareSubscriptions("true");
        one.setSubscriptionName("shared");
        PosthornActivationSpec two = topicSpec();
        two.setShareSubscriptions("true");
        two.setSubscriptionName("shared");
        adapter.endpointActivation(recorder(), one);
        adapter.endpointActivation(recorder(), two);
        sendToTopic(numbered("m", 60));
        Await.until("60 messages", () -> seen.size() >= 60);
        assertEquals(60, seen.size());
        assertEquals(60, new HashSet<>(seen).size());
    }

    @Test
    void aDurableSubscriptionNeedsNeitherClientIdNorName() throws Exception {
        PosthornActivationSpec spec = topicSpec();
        spec.setSubscriptionDurability("Durable");
        Bean bean = recorder();
        adapter.endpointActivation(bean, spec);
        adapter.endpointDeactivation(bean, spec);
        sendToTopic("meanwhile");
        adapter.endpointActivation(bean, spec);
        Await.until("what was sent meanwhile", () -> seen.equals(List.of("meanwhile")));
    }

    @Test
    void theSubscriptionSelects() throws Exception {
        PosthornActivationSpec spec = topicSpec();
        spec.setMessageSelector("JMSXGroupID = 'wanted'");
        adapter.endpointActivation(recorder(), spec);
        client(session -> send(session, session.createTopic(name), "other", "no"));
        client(session -> send(session, session.createTopic(name), "wanted", "yes"));
        Await.until("the wanted one", () -> seen.equals(List.of("yes")));
    }
}
