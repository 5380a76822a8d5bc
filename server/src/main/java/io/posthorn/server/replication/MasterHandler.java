package io.posthorn.server.replication;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.VersionRange;
import io.posthorn.protocol.api.ChunkResponse;
import io.posthorn.protocol.api.FenceRequest;
import io.posthorn.protocol.api.FenceResponse;
import io.posthorn.protocol.api.ReplicaAckCommand;
import io.posthorn.protocol.api.ReplicaFetchRequest;
import io.posthorn.protocol.api.ReplicaHelloRequest;
import io.posthorn.protocol.api.ReplicaHelloResponse;
import io.posthorn.protocol.api.ReplicaHelloResponse.Verdict;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.protocol.api.SnapshotChunkRequest;
import io.posthorn.protocol.api.SnapshotRequest;
import io.posthorn.protocol.api.SnapshotResponse;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.store.ReadCounts;
import io.posthorn.server.store.StoreException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Slaves and operators ask of a Master. Event loop. */
public final class MasterHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(MasterHandler.class);

    private final MasterState master;
    private final MessageFetch fetch;
    private final Broker broker;
    private final Function<FrameConnection, String> userOf;

    /** Slaves of which it was logged that they cannot read the journal: they come again and again. */
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();

    /** What the handler needs of the broker; any thread. */
    public interface Broker {

        /** Epoch of its reign. */
        long epoch();

        /**
         * Somebody has, or will have, a higher epoch: the broker serves nobody any more.
         *
         * @param done called when that is so, with the end of its journal
         */
        void fence(long epoch, String by, LongConsumer done);

        /** Why it serves nobody, or null. */
        String fencedBecause();

        /** It may serve again, after a pause. */
        void resume();
    }

    /** @param userOf as whom a connection is logged in; empty for strangers */
    public MasterHandler(MasterState master, Broker broker, Function<FrameConnection, String> userOf) {
        this.master = master;
        this.fetch = new MessageFetch(entry -> entry.position() < master.commitPosition(), master::read);
        this.broker = broker;
        this.userOf = userOf;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.REPLICA_STATUS -> status(from, request);
            case RequestCode.REPLICA_FENCE -> {
                FenceRequest fence = FenceRequest.decode(request.body());
                if (fence.epoch() > broker.epoch()) {
                    broker.fence(fence.epoch(), fence.by(), end -> {
                        ByteBuf body = from.newBody(16);
                        new FenceResponse(end).encode(body);
                        from.respond(request, body);
                        from.flush();
                    });
                } else {
                    from.respond(request, Unpooled.EMPTY_BUFFER);
                }
            }
            case RequestCode.REPLICA_PROMOTE ->
                Acceptor.refuse(from, request, ErrorCode.ILLEGAL_STATE, "this broker is the Master already");
            case RequestCode.FETCH_MESSAGES -> fetch.handle(from, request);
            case RequestCode.REPLICA_HELLO -> {
                if (mayFollow(from, request)) {
                    hello(from, request);
                }
            }
            default -> follow(from, request);
        }
    }

    /** Who follows already goes on when the broker has stopped serving: its successor wants all that there is. */
    private void follow(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.REPLICA_FETCH -> {
                ReplicaFetchRequest wanted = ReplicaFetchRequest.decode(request.body());
                if (master.isFollowing(from)) {
                    master.fetch(from, request, wanted);
                } else {
                    Acceptor.refuse(from, request, ErrorCode.ILLEGAL_STATE, "say hello first");
                }
            }
            case RequestCode.SNAPSHOT -> snapshot(from, request);
            case RequestCode.SNAPSHOT_CHUNK -> {
                SnapshotChunkRequest wanted = SnapshotChunkRequest.decode(request.body());
                int max = Math.max(1, Math.min(wanted.maxBytes(), MasterState.SLICE_MAX_BYTES));
                master.shelf().read(wanted.snapshotId(), wanted.offset(), max, bytes -> piece(from, request, bytes));
            }
            case RequestCode.REPLICA_ACK ->
                master.acknowledged(
                        from, ReplicaAckCommand.decode(request.body()).durable());
            default -> throw new ProtocolException("code " + request.code() + " is no verb of replication");
        }
    }

    private void snapshot(FrameConnection from, Frame request) {
        SnapshotRequest.decode(request.body());
        if (!master.pins(from)) {
            Acceptor.refuse(from, request, ErrorCode.ILLEGAL_STATE, "say hello first");
            return;
        }
        try {
            SnapshotResponse response = master.shelf().ask();
            ByteBuf body = from.newBody(128);
            response.encode(body);
            from.respond(request, body);
        } catch (StoreException failed) {
            Acceptor.refuse(from, request, ErrorCode.RESOURCE_EXHAUSTED, failed.getMessage());
        }
    }

    /** On the thread of the snapshots. */
    private static void piece(FrameConnection to, Frame request, byte[] bytesOrNull) {
        if (bytesOrNull == null) {
            Acceptor.refuse(to, request, ErrorCode.ILLEGAL_STATE, "there is no such snapshot any more");
        } else {
            ByteBuf body = to.newBody(bytesOrNull.length + 8);
            new ChunkResponse(bytesOrNull).encode(body);
            to.respond(request, body);
        }
        to.flush();
    }

    private boolean mayFollow(FrameConnection from, Frame request) {
        String fenced = broker.fencedBecause();
        if (fenced != null) {
            Acceptor.refuse(from, request, ErrorCode.FENCED, fenced);
            return false;
        }
        String user = userOf.apply(from);
        String only = master.config().onlyUser();
        // Without a user of their own, Slaves come as nobody: where that is admitted, everybody may do everything
        // anyway.
        if (only == null ? user.isEmpty() : only.equals(user)) {
            return true;
        }
        Acceptor.refuse(
                from,
                request,
                ErrorCode.NOT_AUTHORIZED,
                only == null
                        ? "this broker has users, but --replication-user does not say which one Slaves are"
                        : "only the user of --replication-user may follow this broker");
        return false;
    }

    private void hello(FrameConnection from, Frame request) {
        ReplicaHelloRequest hello = ReplicaHelloRequest.decode(request.body());
        VersionRange offered = new VersionRange(hello.versionMin(), hello.versionMax());
        int version = VersionRange.OF_REPLICATION.common(offered);
        if (version == VersionRange.NONE) {
            Acceptor.refuse(
                    from,
                    request,
                    ErrorCode.VERSION_NOT_SUPPORTED,
                    "the Slave speaks replication versions " + offered + ", this Master speaks "
                            + VersionRange.OF_REPLICATION);
            return;
        }
        if (!hello.brokerName().equals(master.config().brokerName()) || hello.brokerId() == 0) {
            Acceptor.refuse(
                    from,
                    request,
                    ErrorCode.ILLEGAL_STATE,
                    "this is the Master of " + master.config().brokerName() + ", which Slave " + hello.brokerId()
                            + " of " + hello.brokerName() + " cannot follow");
            return;
        }
        long newest = Epochs.newest(Epochs.fromWire(hello.reigns()));
        if (newest > broker.epoch()) {
            broker.fence(newest, "Slave " + hello.brokerId() + " at " + hello.address(), end -> {
                Acceptor.refuse(from, request, ErrorCode.FENCED, broker.fencedBecause());
                from.flush();
            });
            return;
        }
        String unreadable = master.joined(hello, from);
        if (unreadable != null) {
            if (refused.add(hello.brokerId())) {
                LOG.warn("{}", unreadable);
            }
            Acceptor.refuse(from, request, ErrorCode.VERSION_NOT_SUPPORTED, unreadable);
            return;
        }
        refused.remove(hello.brokerId());
        CommonPoint point = CommonPoint.of(
                master.journal(),
                new CommonPoint.Replica(
                        Epochs.fromWire(hello.reigns()),
                        hello.end(),
                        hello.folded(),
                        hello.sampleFrom(),
                        hello.sampleCrc()));
        LOG.info(
                "Slave {} at {} has the journal up to {}: {}, {}",
                hello.brokerId(),
                hello.address(),
                hello.end(),
                point.verdict(),
                point.text());
        if (point.verdict() == Verdict.FOLLOW) {
            master.follows(hello.brokerId(), hello.end());
        }
        ReplicaHelloResponse response = new ReplicaHelloResponse(
                version,
                broker.epoch(),
                point.verdict(),
                point.position(),
                master.journal().segmentMaxBytes(),
                master.config().minInSync(),
                point.text(),
                master.formatLevel());
        ByteBuf body = from.newBody(64);
        response.encode(body);
        from.respond(request, body);
    }

    private void status(FrameConnection from, Frame request) {
        String fenced = broker.fencedBecause();
        ReadCounts counts = master.readCounts();
        ReplicaStatusResponse response = new ReplicaStatusResponse(
                fenced == null ? ReplicaStatusResponse.Role.MASTER : ReplicaStatusResponse.Role.FENCED,
                master.config().brokerName(),
                0,
                broker.epoch(),
                master.journal().durablePosition(),
                master.commitPosition(),
                master.config().minInSync(),
                master.inSync(),
                "",
                fenced != null ? fenced : master.refusal() != null ? master.refusal() : "serving",
                master.report(),
                counts.bodyBytesRead(),
                counts.bodyBytesLeft(),
                master.foldedPosition(),
                new ReplicaStatusResponse.Format(master.formatLevel(), master.formatLevelMax()));
        ByteBuf body = from.newBody(256);
        response.encode(body);
        from.respond(request, body);
    }
}
