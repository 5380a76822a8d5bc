package io.posthorn.jms;

import io.posthorn.jms.message.ObjectFilter;
import io.posthorn.jms.message.Spool;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Login;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderFactory;
import io.posthorn.provider.ProviderListener;
import io.posthorn.provider.SendCallback;
import io.posthorn.provider.Settle;
import io.posthorn.time.Clock;
import jakarta.jms.JMSException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A broker in memory behind the provider port: queues with credit, counts, order and transactions, on one I/O thread. It knows queues only
 * (a topic works like one), and is kept as simple as the port's contract allows. Test code scripts failures on it.
 */
final class FakeBroker implements ProviderFactory, AutoCloseable {

    private final ExecutorService io = Executors.newSingleThreadExecutor(task -> new Thread(task, "fake-broker-io"));
    private final AtomicLong ids = new AtomicLong();
    private final Map<DestinationName, PriorityQueue<Item>> queues = new HashMap<>();
    private final Set<String> clientIds = new HashSet<>();
    private final Set<DestinationName> temporaries = new HashSet<>();
    private final List<FakeConsumer> consumers = new ArrayList<>();
    private long arrivals;

    /** Every call of the port that tests look at, in order. */
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** Refuses sends to this destination. */
    volatile DestinationName missing;
    /** Answers commits with this. */
    volatile ProviderException commitFailure;
    /** While set, send callbacks are kept instead of called. */
    volatile boolean holdCallbacks;

    private final Deque<Runnable> heldCallbacks = new ArrayDeque<>();
    /** While set, drains deliver but are not answered. */
    volatile boolean holdDrains;

    private final Deque<Runnable> heldDrains = new ArrayDeque<>();
    volatile ProviderListener listener;

    private static final class Item {
        final long arrival;
        final EncodedMessage message;
        int count;

        Item(long arrival, EncodedMessage message) {
            this.arrival = arrival;
            this.message = message;
        }
    }

    private static final class FakeConsumer implements ConsumerHandle {
        final int id;
        final ConsumerSpec spec;
        final DeliveryListener listener;
        final NavigableMap<Long, Item> inFlight = new TreeMap<>();
        long last;
        long limit;
        long marked;
        boolean open = true;
        boolean down;

        FakeConsumer(int id, ConsumerSpec spec, DeliveryListener listener) {
            this.id = id;
            this.spec = spec;
            this.listener = listener;
        }

        @Override
        public int consumerId() {
            return id;
        }
    }

    private final class FakeProducer implements ProducerHandle {
        final long id = ids.incrementAndGet();
        final AtomicLong numbers = new AtomicLong();
        final List<EncodedMessage> staged = new ArrayList<>();

        @Override
        public long producerId() {
            return id;
        }

        @Override
        public long nextMessageNumber() {
            return numbers.incrementAndGet();
        }
    }

    PosthornConnection connect() throws JMSException {
        return connect(Domain.ANY, null);
    }

    PosthornConnection connect(Domain domain, String clientId) throws JMSException {
        ConnectionSettings settings = new ConnectionSettings(
                256, 4 << 20, 5_000, ObjectFilter.STANDARD, false, clientId != null, Spool.STANDARD, Clock.system());
        return PosthornConnection.open(
                domain, this, () -> calls.add("released"), new Login(null, null, clientId), settings);
    }

    @Override
    public CompletableFuture<Provider> connect(Login login, ProviderListener to) {
        return answer(() -> {
            if ("invalid".equals(login.user())) {
                throw new ProviderException(ProviderException.Kind.SECURITY, "wrong password");
            }
            listener = to;
            FakeProvider provider = new FakeProvider();
            if (login.clientId() != null) {
                provider.claim(login.clientId());
            }
            return provider;
        });
    }

    // ---- scripts

    /** Publishes without giving anybody anything. */
    void publishQuietly(EncodedMessage message) {
        call(() -> {
            publish(message);
            return null;
        });
    }

    /** Loses the connection and mends it: what was not handed over is void, the rest stays in flight. */
    void interrupt() {
        run(() -> {
            for (FakeConsumer consumer : List.copyOf(consumers)) {
                consumer.down = true;
                // The connection may break in the middle of a batch.
                Item item = consumer.last < consumer.limit
                        ? queue(consumer.spec.destination()).poll()
                        : null;
                if (item != null) {
                    consumer.inFlight.put(++consumer.last, item);
                    consumer.listener.delivered(new Delivered(consumer.last, item.count, item.message));
                }
                long handedOver = consumer.listener.interrupted();
                release(consumer, handedOver + 1, Long.MAX_VALUE);
                consumer.limit = 0;
            }
            for (FakeConsumer consumer : List.copyOf(consumers)) {
                consumer.down = false;
                consumer.listener.resumed();
            }
        });
    }

    /** Calls a consumer's closed(). */
    void endConsumers(ProviderException reason) {
        run(() -> {
            for (FakeConsumer consumer : List.copyOf(consumers)) {
                consumer.open = false;
                consumers.remove(consumer);
                consumer.listener.closed(reason);
            }
        });
    }

    void lose(ProviderException reason) {
        run(() -> listener.failed(reason));
    }

    /** Calls the held callbacks, the youngest first. */
    void releaseCallbacksBackwards() {
        run(() -> {
            holdCallbacks = false;
            while (!heldCallbacks.isEmpty()) {
                heldCallbacks.pollLast().run();
            }
        });
    }

    /** Answers the held drains. */
    void answerDrains() {
        run(() -> {
            holdDrains = false;
            heldDrains.forEach(Runnable::run);
            heldDrains.clear();
        });
    }

    int ready(DestinationName queue) {
        return call(() -> queue(queue).size());
    }

    int inFlight() {
        return call(() -> consumers.stream().mapToInt(c -> c.inFlight.size()).sum());
    }

    /** Messages that the one open consumer may still get. */
    long openCredit() {
        return call(() ->
                consumers.stream().mapToLong(c -> Math.max(0, c.limit - c.last)).sum());
    }

    @Override
    public void close() {
        io.shutdownNow();
    }

    // ---- on the I/O thread

    private PriorityQueue<Item> queue(DestinationName name) {
        return queues.computeIfAbsent(name, unused -> new PriorityQueue<>(Comparator.comparingLong(i -> i.arrival)));
    }

    private void publish(EncodedMessage message) {
        queue(message.destination()).add(new Item(++arrivals, message));
    }

    private void dispatch() {
        boolean progress = true;
        Set<FakeConsumer> touched = new HashSet<>();
        while (progress) {
            progress = false;
            for (FakeConsumer consumer : consumers) {
                PriorityQueue<Item> queue = queue(consumer.spec.destination());
                boolean browser = consumer.spec.kind() == ConsumerSpec.Kind.BROWSE;
                if (!browser && consumer.open && !consumer.down && consumer.last < consumer.limit && !queue.isEmpty()) {
                    Item item = queue.poll();
                    consumer.inFlight.put(++consumer.last, item);
                    consumer.listener.delivered(new Delivered(consumer.last, item.count, item.message));
                    touched.add(consumer);
                    progress = true;
                }
            }
        }
        touched.forEach(c -> c.listener.endOfBatch());
    }

    private void release(FakeConsumer consumer, long from, long to) {
        Map<Long, Item> back =
                new LinkedHashMap<>(consumer.inFlight.tailMap(from, true).headMap(to, true));
        back.forEach((id, item) -> {
            if (id <= consumer.marked) {
                item.count++;
            }
            consumer.inFlight.remove(id);
            queue(consumer.spec.destination()).add(item);
        });
    }

    private void settle(Settle how, List<DeliverySpan> spans) {
        for (DeliverySpan span : spans) {
            FakeConsumer consumer = (FakeConsumer) span.consumer();
            if (how == Settle.RELEASE) {
                release(consumer, span.from(), span.to());
            } else {
                consumer.inFlight.subMap(span.from(), true, span.to(), true).clear();
            }
        }
    }

    private <T> CompletableFuture<T> answer(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        io.execute(() -> {
            try {
                T value = work.get();
                dispatch();
                answer.complete(value);
            } catch (ProviderException refused) {
                answer.completeExceptionally(refused);
            }
        });
        return answer;
    }

    private CompletableFuture<Void> act(Runnable work) {
        return answer(() -> {
            work.run();
            return null;
        });
    }

    private void run(Runnable work) {
        call(() -> {
            work.run();
            dispatch();
            return null;
        });
    }

    private <T> T call(Supplier<T> work) {
        try {
            return io.submit(work::get).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            throw new AssertionError(failed);
        }
    }

    private static String text(List<DeliverySpan> spans) {
        StringBuilder text = new StringBuilder();
        for (DeliverySpan span : spans) {
            text.append(' ').append(span.from()).append('-').append(span.to());
        }
        return text.toString();
    }

    /** One connection. */
    private final class FakeProvider implements Provider {

        private String clientId;

        void claim(String id) {
            if (!clientIds.add(id)) {
                throw new ProviderException(ProviderException.Kind.INVALID_CLIENT_ID, id + " is in use");
            }
            clientId = id;
        }

        @Override
        public CompletableFuture<Void> claimClientId(String id) {
            return act(() -> claim(id));
        }

        @Override
        public io.posthorn.provider.Branches branches() {
            throw new UnsupportedOperationException("XA is tested with the real broker");
        }

        @Override
        public io.posthorn.provider.LargeBodies largeBodies() {
            // Asked for by every session; what it is for is tested with the real broker.
            return null;
        }

        @Override
        public ProducerHandle openProducer() {
            return new FakeProducer();
        }

        @Override
        public void send(ProducerHandle producer, EncodedMessage message, boolean transacted, SendCallback callback) {
            io.execute(() -> {
                ProviderException failure = null;
                if (message.destination().equals(missing)) {
                    failure = new ProviderException(
                            ProviderException.Kind.INVALID_DESTINATION, "no such destination: " + missing);
                } else if (transacted) {
                    ((FakeProducer) producer).staged.add(message);
                } else {
                    publish(message);
                }
                ProviderException outcome = failure;
                if (holdCallbacks) {
                    heldCallbacks.add(() -> callback.done(outcome));
                } else {
                    callback.done(outcome);
                }
                dispatch();
            });
        }

        @Override
        public CompletableFuture<ConsumerHandle> openConsumer(ConsumerSpec spec, DeliveryListener to) {
            return answer(() -> {
                DestinationName from = spec.destination();
                if (from.equals(missing) || from.kind().isTemporary() && !temporaries.contains(from)) {
                    throw new ProviderException(
                            ProviderException.Kind.INVALID_DESTINATION, "no such destination: " + from);
                }
                FakeConsumer consumer = new FakeConsumer((int) ids.incrementAndGet(), spec, to);
                consumers.add(consumer);
                return consumer;
            });
        }

        @Override
        public void credit(ConsumerHandle handle, long limit, int windowMaxBytes) {
            io.execute(() -> {
                ((FakeConsumer) handle).limit = limit;
                dispatch();
            });
        }

        @Override
        public CompletableFuture<Boolean> drain(ConsumerHandle handle, long limit) {
            calls.add("drain " + limit);
            FakeConsumer consumer = (FakeConsumer) handle;
            if (consumer.spec.kind() == ConsumerSpec.Kind.BROWSE) {
                return answer(() -> browse(consumer, limit));
            }
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            io.execute(() -> {
                consumer.limit = limit;
                dispatch();
                Runnable end = () -> {
                    consumer.limit = 0;
                    answer.complete(false);
                };
                if (holdDrains) {
                    heldDrains.add(end);
                } else {
                    end.run();
                }
            });
            return answer;
        }

        private boolean browse(FakeConsumer consumer, long limit) {
            List<Item> all = new ArrayList<>(queue(consumer.spec.destination()));
            all.sort(Comparator.comparingLong(i -> i.arrival));
            while (consumer.last < limit && consumer.last < all.size()) {
                Item item = all.get((int) consumer.last++);
                consumer.listener.delivered(new Delivered(consumer.last, item.count, item.message));
            }
            consumer.listener.endOfBatch();
            return consumer.last >= all.size();
        }

        @Override
        public void handOver(ConsumerHandle handle, long to) {
            io.execute(() -> ((FakeConsumer) handle).marked = Math.max(((FakeConsumer) handle).marked, to));
        }

        @Override
        public void accept(ConsumerHandle handle, long from, long to, long handOverTo) {
            handOver(handle, handOverTo);
            acknowledge(Settle.ACCEPT, List.of(new DeliverySpan(handle, from, to)), false);
        }

        @Override
        public void acceptLast(ConsumerHandle handle, long from, long to) {
            accept(handle, from, to, to);
        }

        @Override
        public CompletableFuture<Void> acknowledge(Settle how, List<DeliverySpan> spans, boolean await) {
            calls.add(how + text(spans));
            return act(() -> settle(how, spans));
        }

        @Override
        public CompletableFuture<Void> commit(ProducerHandle producer, List<DeliverySpan> consumed) {
            calls.add("commit" + text(consumed));
            return act(() -> {
                if (commitFailure != null) {
                    ((FakeProducer) producer).staged.clear();
                    settle(Settle.RELEASE, consumed);
                    throw commitFailure;
                }
                ((FakeProducer) producer).staged.forEach(FakeBroker.this::publish);
                ((FakeProducer) producer).staged.clear();
                settle(Settle.ACCEPT, consumed);
            });
        }

        @Override
        public CompletableFuture<Void> rollback(ProducerHandle producer, List<DeliverySpan> consumed) {
            calls.add("rollback" + text(consumed));
            return act(() -> {
                ((FakeProducer) producer).staged.clear();
                settle(Settle.RELEASE, consumed);
            });
        }

        @Override
        public CompletableFuture<Void> closeConsumer(ConsumerHandle handle, long handedOverTo, boolean keepUnsettled) {
            calls.add("closeConsumer " + handedOverTo + (keepUnsettled ? " keep" : ""));
            return act(() -> {
                FakeConsumer consumer = (FakeConsumer) handle;
                release(consumer, keepUnsettled ? handedOverTo + 1 : 1, Long.MAX_VALUE);
                consumer.open = false;
                consumers.remove(consumer);
            });
        }

        @Override
        public void closeProducer(ProducerHandle producer) {
            calls.add("closeProducer");
        }

        @Override
        public CompletableFuture<Void> unsubscribe(String name) {
            return act(() -> {
                throw new ProviderException(ProviderException.Kind.UNKNOWN_SUBSCRIPTION, "no subscription " + name);
            });
        }

        @Override
        public CompletableFuture<DestinationName> createTemporary(boolean queue) {
            return answer(() -> {
                DestinationKind kind = queue ? DestinationKind.TEMPORARY_QUEUE : DestinationKind.TEMPORARY_TOPIC;
                DestinationName name = new DestinationName(kind, "temporary-" + ids.incrementAndGet());
                temporaries.add(name);
                return name;
            });
        }

        @Override
        public CompletableFuture<Void> deleteTemporary(DestinationName name) {
            return act(() -> {
                if (consumers.stream().anyMatch(c -> c.spec.destination().equals(name))) {
                    throw new ProviderException(ProviderException.Kind.DESTINATION_IN_USE, name + " has consumers");
                }
                temporaries.remove(name);
            });
        }

        @Override
        public CompletableFuture<Void> close() {
            calls.add("close");
            return act(() -> clientIds.remove(clientId));
        }
    }
}
