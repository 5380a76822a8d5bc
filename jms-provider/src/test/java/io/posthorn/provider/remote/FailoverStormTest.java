package io.posthorn.provider.remote;

import static io.posthorn.provider.remote.RemoteFixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AcknowledgeRequest;
import io.posthorn.protocol.api.CreditRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.protocol.api.OpenConsumerResponse;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.Settle;
import io.posthorn.provider.remote.RemoteFixture.Outcomes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The provider against a broker that keeps its promises and breaks the link again and again, before or after it has carried
 * a request out. The seed decides about the breaks; the threads' timing is free.
 */
@Timeout(120)
class FailoverStormTest {

    private static final int MESSAGES = 1_500;

    private RemoteFixture cluster;
    private ScriptedBroker broker;

    @BeforeEach
    void start() throws Exception {
        cluster = new RemoteFixture();
        broker = cluster.broker;
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyPersistentSendIsStoredOnceAndInOrder(long seed) throws Exception {
        StoreModel model = new StoreModel(new SplittableRandom(seed));
        broker.on(RequestCode.SEND, model::send);
        Provider provider = cluster.connect(cluster.config().withInFlightMax(50));
        List<Thread> senders = new ArrayList<>();
        List<ProducerHandle> producers = new ArrayList<>();
        Outcomes outcomes = new Outcomes();
        for (int i = 0; i < 3; i++) {
            ProducerHandle producer = provider.openProducer();
            producers.add(producer);
            senders.add(new Thread(() -> {
                for (int number = 1; number <= MESSAGES; number++) {
                    provider.send(producer, message(number, true), false, outcomes);
                }
            }));
        }
        senders.forEach(Thread::start);
        for (int i = 0; i < 3 * MESSAGES; i++) {
            assertNull(outcomes.next(), "seed " + seed);
        }
        for (ProducerHandle producer : producers) {
            List<Long> stored = model.storedBy(producer.producerId());
            assertEquals(MESSAGES, stored.size(), "seed " + seed);
            for (int i = 0; i < MESSAGES; i++) {
                assertEquals(i + 1, stored.get(i), "seed " + seed);
            }
        }
        assertTrue(model.breaks > 0, "no break with seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void everyMessageIsHandedOverAndSettledOnce(long seed) throws Exception {
        QueueModel model = new QueueModel(new SplittableRandom(seed));
        broker.on(RequestCode.OPEN_CONSUMER, model::open);
        broker.on(RequestCode.CREDIT, model::credit);
        broker.on(RequestCode.ACKNOWLEDGE, model::acknowledge);
        Provider provider = cluster.connect();
        Application application = new Application(provider);
        ConsumerHandle consumer = RemoteFixture.get(provider.openConsumer(
                new ConsumerSpec(ConsumerSpec.Kind.QUEUE, message(1, true).destination(), null, null, false),
                application));
        application.read(consumer);
        assertTrue(model.allSettled.await(60, TimeUnit.SECONDS), "seed " + seed + ", left: " + model.left());
        assertEquals(MESSAGES, application.seen.size(), "seed " + seed);
        for (int i = 0; i < MESSAGES; i++) {
            // In order too: what was handed over is restated, what was not comes again in its place.
            assertEquals(i + 1, application.seen.get(i), "seed " + seed);
        }
        assertEquals(List.of(), model.faults, "seed " + seed);
        assertTrue(model.breaks > 0, "no break with seed " + seed);
    }

    /** Stores sends once per sequence. Runs on the event loop of the scripted broker. */
    private static final class StoreModel {

        private final SplittableRandom random;
        private final Map<Long, TreeSet<Long>> sequences = new HashMap<>();
        private final Map<Long, List<Long>> stored = new HashMap<>();
        private volatile int breaks;

        StoreModel(SplittableRandom random) {
            this.random = random;
        }

        synchronized List<Long> storedBy(long producerId) {
            return List.copyOf(stored.get(producerId));
        }

        synchronized void send(ScriptedBroker.Received request) {
            if (!request.from().isOpen()) {
                return;
            }
            int dice = random.nextInt(300);
            SendRequest send = (SendRequest) request.body();
            if (dice != 0
                    && sequences
                            .computeIfAbsent(send.producerId(), id -> new TreeSet<>())
                            .add(send.sequence())) {
                stored.computeIfAbsent(send.producerId(), id -> new ArrayList<>())
                        .add(send.message().messageId().sequence());
            }
            if (dice <= 1) {
                breaks++;
                request.from().close("broken by the model");
            } else {
                request.from().respond(request.frame(), request.from().newBody(0));
            }
        }
    }

    /** One queue with one consumer. Runs on the event loop of the scripted broker. */
    private final class QueueModel {

        private final SplittableRandom random;
        private final TreeSet<Long> ready = new TreeSet<>();
        private final TreeSet<Long> settled = new TreeSet<>();
        private TreeMap<Long, Long> inFlight = new TreeMap<>();
        private long lastWireId;
        private int consumerId;
        private final List<String> faults = new ArrayList<>();
        private final CountDownLatch allSettled = new CountDownLatch(1);
        private volatile int breaks;

        QueueModel(SplittableRandom random) {
            this.random = random;
            for (long number = 1; number <= MESSAGES; number++) {
                ready.add(number);
            }
        }

        synchronized String left() {
            return "ready " + ready.size() + ", in flight " + inFlight;
        }

        synchronized void open(ScriptedBroker.Received request) {
            OpenConsumerRequest open = (OpenConsumerRequest) request.body();
            consumerId = open.consumerId();
            TreeSet<Long> reserved = new TreeSet<>(inFlight.values());
            inFlight = new TreeMap<>();
            lastWireId = 0;
            List<Integer> refused = new ArrayList<>();
            for (MessageRef ref : open.restated()) {
                lastWireId++;
                if (settled.contains(ref.offset())) {
                    refused.add((int) lastWireId - 1);
                } else if (reserved.remove(ref.offset())) {
                    inFlight.put(lastWireId, ref.offset());
                } else {
                    faults.add("restated, but not in flight: " + ref.offset());
                }
            }
            ready.addAll(reserved);
            broker.answer(request, new OpenConsumerResponse(refused, refused)::encode);
        }

        synchronized void credit(ScriptedBroker.Received request) {
            long limit = ((CreditRequest) request.body()).limit();
            if (!request.from().isOpen()) {
                return;
            }
            List<EncodedMessage> batch = new ArrayList<>();
            long first = lastWireId + 1;
            while (lastWireId < limit && !ready.isEmpty()) {
                long number = ready.pollFirst();
                inFlight.put(++lastWireId, number);
                batch.add(message(number, true));
            }
            if (!batch.isEmpty()) {
                broker.deliver(consumerId, first, batch.toArray(new EncodedMessage[0]));
            }
            if (random.nextInt(60) == 0) {
                breaks++;
                request.from().close("broken by the model");
            }
        }

        synchronized void acknowledge(ScriptedBroker.Received request) {
            int dice = random.nextInt(30);
            if (!request.from().isOpen()) {
                return;
            }
            if (dice != 0) {
                for (DeliveryRange range : ((AcknowledgeRequest) request.body()).ranges()) {
                    for (long id = range.from(); id <= range.to(); id++) {
                        Long number = inFlight.remove(id);
                        if (number == null) {
                            faults.add("settled, but not in flight: " + id);
                        } else {
                            settled.add(number);
                        }
                    }
                }
            }
            if (dice <= 1) {
                breaks++;
                request.from().close("broken by the model");
            } else {
                broker.answer(request);
            }
            if (settled.size() == MESSAGES) {
                allSettled.countDown();
            }
        }
    }

    /** A reader in automatic mode: takes a delivery, says so, acknowledges it. */
    private static final class Application implements DeliveryListener {

        private static final int WINDOW = 20;

        private final Provider provider;
        private final List<Long> seen = new ArrayList<>();

        // Guarded by this.
        private final Deque<Delivered> buffer = new ArrayDeque<>();
        private ConsumerHandle consumer;
        private long lastDelivered;
        private long handedOver;

        Application(Provider provider) {
            this.provider = provider;
        }

        void read(ConsumerHandle opened) throws InterruptedException {
            synchronized (this) {
                consumer = opened;
            }
            provider.credit(opened, WINDOW, 1 << 20);
            while (seen.size() < MESSAGES) {
                Delivered next = take();
                provider.handOver(opened, next.deliveryId());
                seen.add(next.message().messageId().sequence());
                provider.acknowledge(
                        Settle.ACCEPT, List.of(new DeliverySpan(opened, next.deliveryId(), next.deliveryId())), false);
                if (seen.size() % (WINDOW / 2) == 0) {
                    provider.credit(opened, next.deliveryId() + WINDOW, 1 << 20);
                }
            }
        }

        private synchronized Delivered take() throws InterruptedException {
            while (buffer.isEmpty()) {
                wait();
            }
            Delivered next = buffer.pollFirst();
            handedOver = next.deliveryId();
            return next;
        }

        @Override
        public synchronized void delivered(Delivered delivered) {
            buffer.addLast(delivered);
            lastDelivered = delivered.deliveryId();
        }

        @Override
        public synchronized void endOfBatch() {
            notifyAll();
        }

        @Override
        public synchronized long interrupted() {
            buffer.clear();
            return handedOver;
        }

        @Override
        public synchronized void resumed() {
            provider.credit(consumer, lastDelivered + WINDOW, 1 << 20);
        }

        @Override
        public void closed(ProviderException reason) {
            throw new AssertionError(reason);
        }
    }
}
