package io.posthorn.provider.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.Login;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderListener;
import io.posthorn.provider.SendCallback;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One NameServer, one broker, and a client of them, on loopback. */
final class RemoteFixture implements AutoCloseable {

    private static final long PATIENCE_S = 10;
    private static final ProviderException NONE = new ProviderException(ProviderException.Kind.INTERNAL, "none");

    final ScriptedBroker broker = new ScriptedBroker();
    final ScriptedNameServer nameServer = new ScriptedNameServer(broker.address());
    final Events events = new Events();
    private RemoteProviderFactory factory;

    RemoteFixture() throws IOException {}

    RemoteConfig config() {
        return RemoteConfig.of(List.of(nameServer.address()))
                .withCloseTimeout(Duration.ofSeconds(2))
                .withConnectTimeout(Duration.ofSeconds(5));
    }

    Provider connect() throws Exception {
        return connect(config());
    }

    Provider connect(RemoteConfig config) throws Exception {
        return get(connecting(config, new Login(null, null, null)));
    }

    CompletableFuture<Provider> connecting(RemoteConfig config, Login login) {
        factory = new RemoteProviderFactory(config, new IoThreads());
        return factory.connect(login, events);
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE_S, TimeUnit.SECONDS);
    }

    static ProviderException failure(CompletableFuture<?> future) {
        ExecutionException thrown =
                assertThrows(ExecutionException.class, () -> future.get(PATIENCE_S, TimeUnit.SECONDS));
        return assertInstanceOf(ProviderException.class, thrown.getCause());
    }

    static EncodedMessage message(long number, boolean persistent) {
        MessageHead head = new MessageHead();
        head.destination(DestinationName.queue("q"));
        head.persistent(persistent);
        head.messageId(new MessageId(1, number));
        return EncodedMessage.encode(head, new byte[10]);
    }

    /** Opens a consumer of the queue "q". */
    static ConsumerHandle open(Provider provider, Reader reader) throws Exception {
        ConsumerSpec spec = new ConsumerSpec(ConsumerSpec.Kind.QUEUE, DestinationName.queue("q"), null, null, false);
        return get(provider.openConsumer(spec, reader));
    }

    @Override
    public void close() {
        if (factory != null) {
            factory.close();
        }
        broker.close();
        nameServer.close();
    }

    /** Outcomes of sends, in the order in which they came. */
    static final class Outcomes implements SendCallback {

        private final BlockingQueue<ProviderException> outcomes = new LinkedBlockingQueue<>();

        @Override
        public void done(ProviderException failure) {
            outcomes.add(failure == null ? NONE : failure);
        }

        /** The next outcome: null for success. */
        ProviderException next() throws InterruptedException {
            ProviderException outcome = outcomes.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertNotNull(outcome, "no outcome of a send");
            return outcome == NONE ? null : outcome;
        }

        int count() {
            return outcomes.size();
        }
    }

    /** What the whole connection was told: "interrupted", "restored", "failed …", "problem …". */
    static final class Events implements ProviderListener {

        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        void expect(String start) throws InterruptedException {
            String next = told.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertNotNull(next, "nothing told, expected: " + start);
            assertEquals(start, next.substring(0, Math.min(start.length(), next.length())), next);
        }

        boolean isEmpty() {
            return told.isEmpty();
        }

        @Override
        public void interrupted(String reason) {
            told.add("interrupted");
        }

        @Override
        public void restored() {
            told.add("restored");
        }

        @Override
        public void problem(ProviderException failure) {
            told.add("problem " + failure.kind());
        }

        @Override
        public void failed(ProviderException failure) {
            told.add("failed " + failure.kind() + " " + failure.getMessage());
        }
    }

    /** A consumer's application side: "3" for delivery 3, "end", "interrupted", "resumed", "closed KIND". */
    static final class Reader implements DeliveryListener {

        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        volatile long handedOver;

        /** How much it was told that nobody has expected yet. */
        int count() {
            return told.size();
        }

        void expect(String... expected) throws InterruptedException {
            for (String text : expected) {
                assertEquals(text, told.poll(PATIENCE_S, TimeUnit.SECONDS));
            }
        }

        @Override
        public void delivered(Delivered delivered) {
            told.add(String.valueOf(delivered.deliveryId()));
        }

        @Override
        public void endOfBatch() {
            told.add("end");
        }

        @Override
        public long interrupted() {
            told.add("interrupted");
            return handedOver;
        }

        @Override
        public void resumed() {
            told.add("resumed");
        }

        @Override
        public void closed(ProviderException reason) {
            told.add("closed " + reason.kind());
        }
    }
}
