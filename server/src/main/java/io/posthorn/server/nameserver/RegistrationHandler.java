package io.posthorn.server.nameserver;

import io.netty.buffer.ByteBufUtil;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.Json;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.ResponseCode;
import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.DataVersion;
import io.posthorn.server.route.RegisterBodyCodec;
import io.posthorn.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What brokers ask: REGISTER_BROKER, UNREGISTER_BROKER, QUERY_DATA_VERSION, BROKER_HEARTBEAT. Called on the event
 * loop of the broker's connection. A malformed request throws {@link ProtocolException} and changes nothing.
 */
final class RegistrationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(RegistrationHandler.class);

    private final RouteTable<FrameConnection> table;
    private final KvConfig kvConfig;
    private final Clock clock;
    private final long brokerTimeoutMs;

    /** @param brokerTimeoutMs silence allowed to a broker that names no time-out of its own */
    RegistrationHandler(RouteTable<FrameConnection> table, KvConfig kvConfig, Clock clock, long brokerTimeoutMs) {
        this.table = table;
        this.kvConfig = kvConfig;
        this.clock = clock;
        this.brokerTimeoutMs = brokerTimeoutMs;
    }

    Answer register(FrameConnection connection, Frame request) {
        RequestFields fields = new RequestFields(request);
        byte[] body = ByteBufUtil.getBytes(request.body());
        long crc = fields.number("bodyCrc32", 0);
        if (crc != 0 && crc != RegisterBodyCodec.crc(body)) {
            return Answer.error(ResponseCode.SYSTEM_ERROR, "crc32 not match");
        }
        Registration registration = registration(fields, body);
        RegistrationResult result = table.register(registration, connection, clock.monotonicNs());
        LOG.debug("{}: registration {}", registration.broker(), result.outcome());
        if (result.outcome() == RegistrationResult.Outcome.REFUSED) {
            LOG.warn("{}: refused, it is unknown and registers a single topic", registration.broker());
            return Answer.error(ResponseCode.SYSTEM_ERROR, "register broker failed");
        }
        return Answer.success(
                result.masterAddress() == null
                        ? Map.of()
                        : Map.of("haServerAddr", result.haServerAddress(), "masterAddr", result.masterAddress()),
                orderTopics());
    }

    /** What operators have left for the broker's topics; no body if there is nothing. */
    private byte[] orderTopics() {
        Map<String, String> values = kvConfig.namespace(KvConfig.ORDER_TOPICS);
        return values.isEmpty() ? new byte[0] : KvHandler.encode(values);
    }

    private Registration registration(RequestFields fields, byte[] body) {
        String actingMaster = fields.optionalText("enableActingMaster");
        long timeoutMs = fields.number("heartbeatTimeoutMillis", brokerTimeoutMs);
        if (timeoutMs <= 0) {
            throw new ProtocolException("heartbeatTimeoutMillis is not positive: " + timeoutMs);
        }
        return new Registration(
                fields.broker(),
                fields.text("haServerAddr"),
                timeoutMs,
                actingMaster == null ? null : Boolean.valueOf(actingMaster),
                fields.optionalText("__ZONE_NAME"),
                RegisterBodyCodec.decode(
                        body, fields.flag("compressed"), fields.request().version()));
    }

    Answer unregister(Frame request) {
        BrokerIdentity broker = new RequestFields(request).broker();
        table.unregister(broker);
        LOG.info("{}: unregistered", broker);
        return Answer.success(Map.of());
    }

    /** A sign of life without anything else; one of a broker that is not registered changes nothing. */
    Answer heartbeat(Frame request) {
        RequestFields fields = new RequestFields(request);
        fields.text("brokerName");
        table.heardFrom(fields.text("clusterName"), fields.text("brokerAddr"), clock.monotonicNs());
        return Answer.success(Map.of());
    }

    Answer queryDataVersion(Frame request) {
        BrokerIdentity broker = new RequestFields(request).broker();
        DataVersion theirs = DataVersion.fromJson(
                request.body().isReadable()
                        ? Json.parseLenient(request.body().toString(StandardCharsets.UTF_8))
                        : null);
        Optional<DataVersion> ours = table.heardFrom(broker.cluster(), broker.address(), clock.monotonicNs());
        boolean changed = ours.isEmpty() || !ours.get().equals(theirs);
        Map<String, String> ext = Map.of("changed", String.valueOf(changed));
        return ours.map(version ->
                        Answer.success(ext, Json.write(version.toJson()).getBytes(StandardCharsets.UTF_8)))
                .orElseGet(() -> Answer.success(ext));
    }
}
