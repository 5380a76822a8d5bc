package io.posthorn.ra.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.arjuna.ats.arjuna.coordinator.TxControl;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.Await;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Beans with container-managed transactions. */
class TransactedEndpointIT extends InboundTest {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Bean bean(Bean.Code code) {
        return new Bean(name, transactions, code);
    }

    @Test
    void whatABeanReturnsFromIsGone() throws Exception {
        sendToQueue(numbered("m", 30));
        Bean bean = bean(message -> seen.add(message.getText()));
        PosthornActivationSpec spec = queueSpec();
        adapter.endpointActivation(bean, spec);
        Await.until("30 messages", () -> seen.size() == 30);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(30, Set.copyOf(seen).size());
        assertEquals(List.of(), left(name));
        assertEquals(bean.created.get(), bean.released.get());
    }

    @Test
    void aRollbackBringsTheMessageBackCounted() throws Exception {
        sendToQueue("one");
        List<String> deliveries = new CopyOnWriteArrayList<>();
        Bean bean = bean(message -> {
            deliveries.add(message.getIntProperty("JMSXDeliveryCount") + " " + message.getJMSRedelivered());
            if (deliveries.size() < 3) {
                transactions.setRollbackOnly();
            } else {
                seen.add(message.getText());
            }
        });
        adapter.endpointActivation(bean, queueSpec());
        Await.until("the third delivery", () -> seen.size() == 1);
        assertEquals(List.of("1 false", "2 true", "3 true"), deliveries);
    }

    @Test
    void aPoisonMessageBecomesADeadLetterAndTheOthersGoOn() throws Exception {
        sendToQueue("poison", "good");
        AtomicInteger tries = new AtomicInteger();
        Bean bean = bean(message -> {
            if (message.getText().equals("poison")) {
                tries.incrementAndGet();
                throw new IllegalArgumentException("poison");
            }
            seen.add(message.getText());
        });
        PosthornActivationSpec spec = queueSpec();
        adapter.endpointActivation(bean, spec);
        TextMessage dead = client(session -> (TextMessage)
                session.createConsumer(session.createQueue("DLQ.QUEUE." + name)).receive(COMES_MS));
        assertEquals("poison", dead.getText());
        assertEquals(10, dead.getIntProperty("JMS_PH_DeadLetterDeliveries"));
        assertEquals(10, tries.get());
        Await.until("the good one", () -> seen.size() == 1);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(List.of(), left(name));
    }

    @Test
    void anotherResourceOfTheTransactionCommitsAndRollsBackWithIt() throws Exception {
        sendToQueue("in");
        try (XAConnection connection = new PosthornXAConnectionFactory(server.url()).createXAConnection()) {
            XASession session = connection.createXASession();
            Queue out = session.createQueue(name + ".out");
            AtomicInteger tries = new AtomicInteger();
            Bean bean = bean(message -> {
                transactions.getTransaction().enlistResource(session.getXAResource());
                int number = tries.incrementAndGet();
                session.createProducer(out).send(session.createTextMessage("out" + number));
                if (number < 3) {
                    throw new IllegalStateException("not yet");
                }
                seen.add(message.getText());
            });
            PosthornActivationSpec spec = queueSpec();
            spec.setMaxSessions("1");
            adapter.endpointActivation(bean, spec);
            Await.until("the third try", () -> seen.size() == 1);
            adapter.endpointDeactivation(bean, spec);
        }
        assertEquals(List.of("out3"), left(name + ".out"));
        assertEquals(List.of(), left(name));
    }

    @Test
    void sessionsWorkSideBySide() throws Exception {
        CountDownLatch together = new CountDownLatch(5);
        Bean bean = bean(message -> {
            together.countDown();
            assertTrue(together.await(COMES_MS, TimeUnit.MILLISECONDS));
            seen.add(message.getText());
        });
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("5");
        adapter.endpointActivation(bean, spec);
        sendToQueue(numbered("m", 5));
        Await.until("five at the same time", () -> seen.size() == 5);
    }

    @Test
    void groupsStayInOrderAcrossSessionsWithRollbacksBetween() throws Exception {
        int groups = 4;
        int each = 25;
        Map<String, List<String>> byGroup = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> inside = new HashMap<>();
        for (int g = 0; g < groups; g++) {
            byGroup.put("g" + g, Collections.synchronizedList(new ArrayList<>()));
            inside.put("g" + g, new AtomicInteger());
        }
        List<String> faults = new CopyOnWriteArrayList<>();
        Bean bean = bean(message -> {
            String group = message.getStringProperty("JMSXGroupID");
            if (inside.get(group).incrementAndGet() != 1) {
                faults.add(group + " is worked on twice");
            }
            try {
                // Every seventh fails at first.
                boolean fails = message.getIntProperty("JMSXDeliveryCount") == 1
                        && Integer.parseInt(message.getText()) % 7 == 3;
                if (fails) {
                    throw new IllegalStateException("at first");
                }
                byGroup.get(group).add(message.getText());
            } finally {
                inside.get(group).decrementAndGet();
            }
        });
        client(session -> {
            for (int i = 0; i < each; i++) {
                for (int g = 0; g < groups; g++) {
                    send(session, session.createQueue(name), "g" + g, Integer.toString(i));
                }
            }
            return null;
        });
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("3");
        adapter.endpointActivation(bean, spec);
        Await.until(
                "all groups",
                () -> byGroup.values().stream().mapToInt(List::size).sum() == groups * each);
        List<String> order = List.of(numbered("", each));
        byGroup.forEach((group, texts) -> assertEquals(order, texts, group));
        assertEquals(List.of(), faults);
    }

    @Test
    void whatATimeOutRollsBackComesBack() throws Exception {
        sendToQueue("slow");
        AtomicInteger tries = new AtomicInteger();
        Bean bean = bean(message -> {
            if (tries.incrementAndGet() == 1) {
                // The reaper of the transaction manager does it, while the bean is still at work.
                Await.until("the time-out", () -> transactions.getStatus() != Status.STATUS_ACTIVE);
            } else {
                seen.add(message.getText());
            }
        });
        PosthornActivationSpec spec = queueSpec();
        TxControl.setDefaultTimeout(1);
        try {
            adapter.endpointActivation(bean, spec);
            Await.until("the message again", () -> seen.size() == 1);
        } finally {
            TxControl.setDefaultTimeout(60);
        }
        adapter.endpointDeactivation(bean, spec);
        assertEquals(2, tries.get());
        assertEquals(List.of(), left(name));
    }

    @Test
    void containersThatAreBusyAreAskedAgain() throws Exception {
        sendToQueue(numbered("m", 20));
        Bean bean = bean(message -> seen.add(message.getText()));
        bean.refuseNext(5);
        applicationServer.refuseNext(5);
        adapter.endpointActivation(bean, queueSpec());
        Await.until("20 messages", () -> seen.size() == 20);
    }

    @Test
    void aReleaseAfterEachRunSaysNothingOfTheNextOne() throws Exception {
        applicationServer.releaseAfterRuns();
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("2");
        adapter.endpointActivation(bean(message -> seen.add(message.getText())), spec);
        for (int i = 1; i <= 5; i++) {
            int count = i;
            sendToQueue("single" + i);
            Await.until("message " + i, () -> seen.size() == count);
        }
        sendToQueue(numbered("m", 300));
        Await.until("300 more", () -> seen.size() == 305);
        assertEquals(305, Set.copyOf(seen).size());
    }

    @Test
    void aContainerThatWantsItsThreadGetsItAfterTheMessageAtHand() throws Exception {
        sendToQueue(numbered("m", 10));
        List<Integer> runs = new CopyOnWriteArrayList<>();
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("1");
        Bean bean = bean(message -> {
            runs.add(applicationServer.runs());
            applicationServer.releaseRunning();
        });
        adapter.endpointActivation(bean, spec);
        Await.until("10 messages", () -> runs.size() == 10);
        assertEquals(10, Set.copyOf(runs).size(), "a run each");
    }

    @Test
    void nothingIsLostOrDoubledByDeactivationsUnderLoad() throws Exception {
        int count = 300;
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("4");
        AtomicInteger running = new AtomicInteger();
        Bean bean = bean(message -> {
            running.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            seen.add(message.getText());
            running.decrementAndGet();
        });
        sendToQueue(numbered("m", count));
        for (int round = 1; round <= 5; round++) {
            int goal = round * 40;
            adapter.endpointActivation(bean, spec);
            Await.until("round " + round, () -> seen.size() >= goal);
            adapter.endpointDeactivation(bean, spec);
            assertEquals(0, running.get(), "a bean works after its deactivation");
            assertEquals(bean.created.get(), bean.released.get());
        }
        seen.addAll(left(name));
        assertEquals(count, seen.size());
        assertEquals(count, new TreeSet<>(seen).size());
    }

    @Test
    void whatWaitsBehindAFailureGoesToOtherSessionsUnmarked() throws Exception {
        List<String> marked = new CopyOnWriteArrayList<>();
        Bean bean = bean(message -> {
            if (message.getText().equals("m0") && message.getIntProperty("JMSXDeliveryCount") < 3) {
                throw new IllegalStateException("at first");
            }
            if (message.getJMSRedelivered()) {
                marked.add(message.getText());
            }
            seen.add(message.getText());
        });
        sendToQueue(numbered("m", 20));
        PosthornActivationSpec spec = queueSpec();
        spec.setMaxSessions("2");
        adapter.endpointActivation(bean, spec);
        Await.until("20 messages", () -> seen.size() == 20);
        assertEquals(List.of("m0"), marked);
    }

    @Test
    void selectorsChoose() throws Exception {
        PosthornActivationSpec spec = queueSpec();
        spec.setMessageSelector("JMSPriority > 6");
        Bean bean = bean(message -> seen.add(message.getText()));
        adapter.endpointActivation(bean, spec);
        client(session -> {
            var producer = session.createProducer(session.createQueue(name));
            producer.setPriority(1);
            producer.send(session.createTextMessage("low"));
            producer.setPriority(9);
            producer.send(session.createTextMessage("high"));
            return null;
        });
        Await.until("the high one", () -> seen.size() == 1);
        adapter.endpointDeactivation(bean, spec);
        assertEquals(List.of("high"), seen);
        assertEquals(List.of("low"), left(name));
    }

    @Test
    void aDurableSubscriptionKeepsWhatIsSentMeanwhile() throws Exception {
        PosthornActivationSpec spec = topicSpec();
        spec.setClientId(name + "-id");
        spec.setSubscriptionDurability("Durable");
        spec.setSubscriptionName("orders");
        Bean bean = bean(message -> seen.add(message.getText()));
        adapter.endpointActivation(bean, spec);
        sendToTopic("one");
        Await.until("one", () -> seen.size() == 1);
        adapter.endpointDeactivation(bean, spec);
        sendToTopic("two");
        adapter.endpointActivation(bean, spec);
        Await.until("two", () -> seen.size() == 2);
        assertEquals(List.of("one", "two"), seen);
    }
}
