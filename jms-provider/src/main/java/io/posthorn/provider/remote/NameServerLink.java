package io.posthorn.provider.remote;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameClient;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.SerializeType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The long connection to one NameServer, picked at random; when that one fails, the next takes its place. Event loop only.
 */
final class NameServerLink {

    private static final Logger LOG = LoggerFactory.getLogger(NameServerLink.class);

    /** A NameServer answers from memory; one that takes longer is as good as dead, and there are others. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final FrameClient client;
    private final Duration requestTimeout;

    /** In the order they are tried; the one in use comes first. */
    private final List<InetSocketAddress> servers;

    private FrameConnection connection;
    private boolean closed;

    NameServerLink(FrameClient client, RemoteConfig config, RandomGenerator random) {
        this.client = client;
        this.requestTimeout = config.requestTimeout().compareTo(PATIENCE) < 0 ? config.requestTimeout() : PATIENCE;
        this.servers = shuffled(config.nameServers(), random);
    }

    /** Where all Masters are. Fails with a ProviderException of kind CONNECTION when no NameServer knows a Master. */
    CompletableFuture<ClusterView> cluster() {
        return ask(RequestCode.GET_BROKER_CLUSTER_INFO, Map.of(), json -> withMaster(ClusterView.ofClusterInfo(json)));
    }

    /** As above, but Slaves alone will do. */
    CompletableFuture<ClusterView> brokers() {
        return ask(RequestCode.GET_BROKER_CLUSTER_INFO, Map.of(), json -> {
            ClusterView view = ClusterView.ofClusterInfo(json);
            if (view.masters().isEmpty() && view.slaves().isEmpty()) {
                throw new NoMasterException("no broker is registered");
            }
            return view;
        });
    }

    /**
     * The Masters that hold a topic. An unknown topic is asked for at every NameServer before this fails with kind
     * CONNECTION, for one that has just started knows little; even then absence is not proved.
     */
    CompletableFuture<ClusterView> route(String topic) {
        Map<String, String> ext = new TreeMap<>();
        ext.put("topic", topic);
        ext.put("acceptStandardJsonOnly", "true");
        return ask(RequestCode.GET_ROUTEINFO_BY_TOPIC, ext, json -> withMaster(ClusterView.ofRoute(json)));
    }

    void close() {
        closed = true;
        drop("the client closes");
    }

    private CompletableFuture<ClusterView> ask(
            int code, Map<String, String> ext, Function<byte[], ClusterView> decoder) {
        CompletableFuture<ClusterView> answer = new CompletableFuture<>();
        askNext(code, ext, decoder, new ArrayList<>(), answer);
        return answer;
    }

    /** One NameServer after the other, until one answers with a Master or all have had their turn. */
    private void askNext(
            int code,
            Map<String, String> ext,
            Function<byte[], ClusterView> decoder,
            List<String> failures,
            CompletableFuture<ClusterView> answer) {
        InetSocketAddress server = servers.get(0);
        connection(server)
                .thenCompose(open -> open.request(code, SerializeType.JSON, ext, Unpooled.EMPTY_BUFFER, requestTimeout))
                .thenApply(frame -> decoded(frame, decoder))
                .whenComplete((view, failure) -> {
                    if (failure == null) {
                        answer.complete(view);
                        return;
                    }
                    failures.add(Failures.reason(failure));
                    LOG.debug("NameServer {}: {}", Failures.text(server), Failures.reason(failure));
                    if (servers.size() > 1 || !(Failures.root(failure) instanceof NoMasterException)) {
                        // The only one, which has answered, is not to blame, and others may be waiting for it.
                        moveOn();
                    }
                    if (failures.size() < servers.size() && !closed) {
                        askNext(code, ext, decoder, failures, answer);
                    } else {
                        answer.completeExceptionally(Failures.unreachable(text(failure, failures), failure));
                    }
                });
    }

    private String text(Throwable last, List<String> failures) {
        List<String> names = new ArrayList<>();
        servers.forEach(server -> names.add(Failures.text(server)));
        names.sort(null);
        List<String> distinct = failures.stream().distinct().toList();
        String verb = Failures.root(last) instanceof NoMasterException ? "no help from" : "cannot reach";
        return verb + " any NameServer of " + names + ": " + String.join("; ", distinct);
    }

    private CompletableFuture<FrameConnection> connection(InetSocketAddress server) {
        if (connection != null && connection.isOpen()) {
            return CompletableFuture.completedFuture(connection);
        }
        return client.connect(server, new Silent()).thenApply(opened -> {
            if (closed) {
                opened.close("the client closes");
            }
            connection = opened;
            return opened;
        });
    }

    /** The present NameServer goes to the end of the list. */
    private void moveOn() {
        drop("another NameServer takes its place");
        servers.add(servers.remove(0));
    }

    private void drop(String reason) {
        if (connection != null) {
            connection.close(reason);
            connection = null;
        }
    }

    private static ClusterView decoded(Frame frame, Function<byte[], ClusterView> decoder) {
        try {
            if (frame.code() == ErrorCode.TOPIC_NOT_EXIST.code()) {
                throw new NoMasterException(Failures.of(frame).getMessage());
            }
            if (frame.code() != 0) {
                throw Failures.of(frame);
            }
            return decoder.apply(ByteBufUtil.getBytes(frame.body()));
        } finally {
            frame.release();
        }
    }

    private static ClusterView withMaster(ClusterView view) {
        if (view.masters().isEmpty()) {
            throw new NoMasterException("no broker with a Master is registered");
        }
        return view;
    }

    private static List<InetSocketAddress> shuffled(List<InetSocketAddress> from, RandomGenerator random) {
        List<InetSocketAddress> rest = new ArrayList<>(from);
        List<InetSocketAddress> order = new ArrayList<>();
        while (!rest.isEmpty()) {
            order.add(rest.remove(random.nextInt(rest.size())));
        }
        return order;
    }

    /** A NameServer that answers, but has nothing to offer. */
    private static final class NoMasterException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoMasterException(String text) {
            super(text, null, false, false);
        }
    }

    /** A NameServer asks a client nothing. */
    private static final class Silent implements FrameHandler {

        @Override
        public void onOpen(FrameConnection opened) {
            // The future of connect() says so too.
        }

        @Override
        public void onRequest(FrameConnection from, Frame request) {
            request.release();
            throw new ProtocolException("a NameServer sent request " + request.code());
        }

        @Override
        public void onBatchEnd(FrameConnection from) {
            // Answers are handled one by one.
        }

        @Override
        public void onWritabilityChanged(FrameConnection of) {
            // A few small requests never fill the buffers.
        }

        @Override
        public void onClosed(FrameConnection gone, Throwable causeOrNull) {
            // The next request finds it closed and connects anew.
        }
    }
}
