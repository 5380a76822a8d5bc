package io.posthorn.server.nameserver;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.ResponseCode;
import io.posthorn.server.route.BrokerIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each request to its handler and writes the answer, in the header form of the request. Called on the connections'
 * event loops. Every request is answered, a failed one with an error: a Java client that waits in vain closes its
 * connection.
 */
final class NameServerDispatcher implements FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(NameServerDispatcher.class);

    private final RouteTable<FrameConnection> table;
    private final Handlers handlers;

    /** One for each family of requests. */
    record Handlers(
            RegistrationHandler registrations,
            RouteHandler routes,
            TopicHandler topics,
            KvHandler kvConfig,
            SwitchHandler switches) {}

    NameServerDispatcher(RouteTable<FrameConnection> table, Handlers handlers) {
        this.table = table;
        this.handlers = handlers;
    }

    @Override
    public void onOpen(FrameConnection connection) {
        // Nobody is known before he registers or asks.
    }

    @Override
    public void onRequest(FrameConnection connection, Frame request) {
        try {
            Answer answer = answer(connection, request);
            connection.respond(
                    request, answer.code(), answer.remark(), answer.ext(), Unpooled.wrappedBuffer(answer.body()));
        } finally {
            request.release();
        }
    }

    private Answer answer(FrameConnection connection, Frame request) {
        try {
            return handle(connection, request);
        } catch (ProtocolException e) {
            LOG.warn("{}: malformed {}: {}", connection.remoteAddress(), request, e.getMessage());
            return Answer.error(ResponseCode.SYSTEM_ERROR, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: {} failed", connection.remoteAddress(), request, e);
            return Answer.error(ResponseCode.SYSTEM_ERROR, "the NameServer failed: " + e);
        }
    }

    private Answer handle(FrameConnection connection, Frame request) {
        RegistrationHandler registrations = handlers.registrations();
        RouteHandler routes = handlers.routes();
        TopicHandler topics = handlers.topics();
        return switch (request.code()) {
            case RequestCode.REGISTER_BROKER -> registrations.register(connection, request);
            case RequestCode.UNREGISTER_BROKER -> registrations.unregister(request);
            case RequestCode.QUERY_DATA_VERSION -> registrations.queryDataVersion(request);
            case RequestCode.BROKER_HEARTBEAT -> registrations.heartbeat(request);
            case RequestCode.GET_ROUTEINFO_BY_TOPIC -> routes.route(request);
            case RequestCode.GET_BROKER_CLUSTER_INFO -> routes.clusterInfo();
            case RequestCode.GET_BROKER_MEMBER_GROUP -> routes.members(request);
            case RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER -> topics.all();
            case RequestCode.GET_TOPICS_BY_CLUSTER -> topics.ofCluster(request);
            case RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS -> topics.system();
            case RequestCode.GET_UNIT_TOPIC_LIST,
                    RequestCode.GET_HAS_UNIT_SUB_TOPIC_LIST,
                    RequestCode.GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST -> topics.none();
            case RequestCode.REGISTER_TOPIC_IN_NAMESRV -> topics.add(request);
            case RequestCode.DELETE_TOPIC_IN_NAMESRV -> topics.delete(request);
            case RequestCode.WIPE_WRITE_PERM_OF_BROKER -> topics.wipeWrite(request);
            case RequestCode.ADD_WRITE_PERM_OF_BROKER -> topics.addWrite(request);
            case RequestCode.PUT_KV_CONFIG -> handlers.kvConfig().put(request);
            case RequestCode.GET_KV_CONFIG -> handlers.kvConfig().get(request);
            case RequestCode.DELETE_KV_CONFIG -> handlers.kvConfig().delete(request);
            case RequestCode.GET_KVLIST_BY_NAMESPACE -> handlers.kvConfig().list(request);
            case RequestCode.UPDATE_NAMESRV_CONFIG -> handlers.switches().update(request);
            case RequestCode.GET_NAMESRV_CONFIG -> handlers.switches().get();
            default ->
                Answer.error(
                        ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
                        "request code " + request.code() + " is not supported");
        };
    }

    @Override
    public void onBatchEnd(FrameConnection connection) {
        // Answers are written one by one; the connection flushes them together.
    }

    @Override
    public void onWritabilityChanged(FrameConnection connection) {
        // A peer that does not read its answers is not asked for more.
        connection.pauseReading(!connection.isWritable());
    }

    @Override
    public void onClosed(FrameConnection connection, Throwable causeOrNull) {
        for (BrokerIdentity broker : table.disconnected(connection)) {
            LOG.info("{}: removed, its connection is closed", broker);
        }
    }
}
