package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.provider.Login;
import io.posthorn.provider.ProviderException;
import io.posthorn.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Everything of one JMS connection that outlives a link: who it is, its consumers and producers, and what is unanswered. The
 * event loop detaches it from a lost link and attaches it to the next.
 */
final class ConnectionState {

    private static final int NONCE_BYTES = 18;

    private final Login login;
    private final RandomGenerator random;
    private final ConsumerTable consumers = new ConsumerTable();
    /** Temporary destinations of this connection, in the order of their creation; to be restated where they are not known. */
    private final Set<DestinationName> temporaries = Collections.synchronizedSet(new LinkedHashSet<>());

    private final ConcurrentMap<Long, RemoteProducer> producers = new ConcurrentHashMap<>();
    private final SettlementFlow settlements;
    private final RequestFlow requests = new RequestFlow();
    private final SendWindow storedWindow;
    private final SendWindow fleetingWindow;
    private final Loop loop;

    // Event loop only.
    private String clientId;
    private volatile String brokerName;
    private volatile String clusterName;
    private volatile String resourceId = "";
    private long resumeToken;

    private volatile int messageMaxBytes = Integer.MAX_VALUE;
    private volatile BrokerLink link;
    private volatile ProviderException failure;

    /**
     * @param brokerName the group to connect to; null for the first one there is
     * @param problems told on the event loop about failures that no call reports
     */
    ConnectionState(
            String brokerName,
            Login login,
            RemoteConfig config,
            Loop loop,
            RandomGenerator random,
            Consumer<ProviderException> problems) {
        this.brokerName = brokerName;
        this.login = login;
        this.clientId = login.clientId();
        this.loop = loop;
        this.random = random;
        this.settlements = new SettlementFlow(loop, Clock.system(), problems);
        this.storedWindow = new SendWindow(config.inFlightMax(), config.inFlightMaxBytes());
        this.fleetingWindow = new SendWindow(config.nonPersistentInFlightMax(), config.inFlightMaxBytes());
    }

    ConsumerTable consumers() {
        return consumers;
    }

    SettlementFlow settlements() {
        return settlements;
    }

    RequestFlow requests() {
        return requests;
    }

    /** Any thread. */
    Set<DestinationName> temporaries() {
        return temporaries;
    }

    /** The link in use, or null while there is none. */
    BrokerLink link() {
        return link;
    }

    /** The group that holds this connection's state, or null if it was not chosen before the first login; any thread. */
    String brokerName() {
        return brokerName;
    }

    /** The cluster, or null before the first login; any thread. */
    String clusterName() {
        return clusterName;
    }

    /** The largest message that the broker of the last login takes. */
    int messageMaxBytes() {
        return messageMaxBytes;
    }

    /** Cluster, group and address of the broker last logged in to; any thread. */
    String resourceId() {
        return resourceId;
    }

    void clientId(String claimed) {
        clientId = claimed;
    }

    /** For the next login, with a fresh mechanism. */
    BrokerLink.Credentials credentials() {
        return new BrokerLink.Credentials(mechanism(), clientId, resumeToken, false);
    }

    /** For a login at a Slave, which knows nothing of client ids and earlier connections. */
    BrokerLink.Credentials slaveCredentials() {
        return new BrokerLink.Credentials(mechanism(), null, 0, true);
    }

    private Mechanism mechanism() {
        return login.user() == null
                ? new AnonymousMechanism()
                : new ScramMechanism(login.user(), login.password(), nonce());
    }

    RemoteProducer openProducer() {
        RemoteProducer producer;
        do {
            producer = new RemoteProducer(
                    random.nextLong(),
                    loop,
                    storedWindow,
                    fleetingWindow,
                    ended -> producers.remove(ended.producerId()));
        } while (producer.producerId() == 0 || producers.putIfAbsent(producer.producerId(), producer) != null);
        BrokerLink present = link;
        if (present != null) {
            // If it is lost this very moment, detach() finds the producer in the table and puts it right.
            producer.attachFirst(present);
        }
        ProviderException ended = failure;
        if (ended != null) {
            producer.fail(ended);
        }
        return producer;
    }

    /** Commits whose outcome only the broker knows. */
    List<TransactionEnd> inDoubt() {
        List<TransactionEnd> list = new ArrayList<>();
        producers.values().forEach(producer -> list.addAll(producer.inDoubt()));
        return list;
    }

    /** A link is logged in: remembers what the next one needs. */
    void loggedIn(BrokerLink next) {
        brokerName = next.session().brokerName();
        clusterName = next.session().clusterName();
        resourceId = next.session().clusterName() + "/" + brokerName + "@" + next.remoteAddress();
        resumeToken = next.session().resumeToken();
        int limit = next.session().messageMaxBytes();
        messageMaxBytes = limit > 0 ? limit : Integer.MAX_VALUE;
    }

    /** Hands the link to all flows; the consumers are open on it. */
    void attach(BrokerLink next) {
        link = next;
        producers.values().forEach(producer -> producer.attach(next));
        settlements.attach(next);
        requests.attach(next);
    }

    /** Takes the link away from all flows, then voids what consumers have not handed over. */
    void detach() {
        link = null;
        producers.values().forEach(RemoteProducer::detach);
        settlements.detach();
        requests.detach();
        consumers.interrupt();
    }

    /** There is no link, and none soon: what can go to another group need not wait for one. */
    void sendElsewhere(ProviderException reason) {
        producers.values().forEach(producer -> producer.sendElsewhere(reason));
    }

    /** Ends all that is unanswered with this failure, and all that is still to come. */
    void fail(ProviderException reason) {
        failure = reason;
        storedWindow.fail(reason);
        fleetingWindow.fail(reason);
        producers.values().forEach(producer -> producer.fail(reason));
        settlements.fail(reason);
        requests.fail(reason);
        consumers.abandon(reason);
    }

    /** Completes when nothing is unanswered. */
    CompletableFuture<Void> drained() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        all.add(settlements.drained());
        all.add(requests.drained());
        producers.values().forEach(producer -> all.add(producer.drained()));
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
    }

    /** 144 random bits; Base64 has no comma. */
    private String nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }
}
