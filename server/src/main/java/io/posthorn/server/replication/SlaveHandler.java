package io.posthorn.server.replication;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.BrowseCommittedRequest;
import io.posthorn.protocol.api.BrowseCommittedResponse;
import io.posthorn.protocol.api.Delivery;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.PromoteRequest;
import io.posthorn.protocol.api.PromoteResponse;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.store.BrowseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** What a Slave is asked; everything else belongs to its Master. Event loop; a promotion on a thread of the owner. */
public final class SlaveHandler implements RequestHandler {

    private final SlaveState slave;
    private final MessageFetch fetch;
    private final Executor owner;
    private final Runnable promoted;

    /**
     * @param owner    works off promotions, one at a time
     * @param promoted told on the owner's thread, after the answer: the broker has to become the Master
     */
    public SlaveHandler(SlaveState slave, Executor owner, Runnable promoted) {
        this.slave = slave;
        this.fetch = new MessageFetch(
                entry -> slave.holds(entry.position(), entry.epoch()), (read, done) -> slave.read(read, done));
        this.owner = owner;
        this.promoted = promoted;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.REPLICA_STATUS -> {
                ByteBuf body = from.newBody(256);
                slave.status().encode(body);
                from.respond(request, body);
            }
            // It serves nobody anyway.
            case RequestCode.REPLICA_FENCE -> from.respond(request, Unpooled.EMPTY_BUFFER);
            case RequestCode.REPLICA_PROMOTE -> {
                PromoteRequest promote = PromoteRequest.decode(request.body());
                owner.execute(() -> promote(from, request, promote));
            }
            case RequestCode.FETCH_MESSAGES -> {
                if (mayRead(from, request)) {
                    fetch.handle(from, request);
                }
            }
            case RequestCode.BROWSE_COMMITTED -> {
                if (mayRead(from, request)) {
                    browse(from, request, BrowseCommittedRequest.decode(request.body()));
                }
            }
            default ->
                Acceptor.refuse(
                        from, request, ErrorCode.NOT_MASTER, "this broker is a Slave: ask the Master of its group");
        }
    }

    private boolean mayRead(FrameConnection from, Frame request) {
        if (!slave.mayBeRead()) {
            Acceptor.refuse(from, request, ErrorCode.NOT_MASTER, "this Slave is not to be read (--slave-read-enable)");
        }
        return slave.mayBeRead();
    }

    private void browse(FrameConnection from, Frame request, BrowseCommittedRequest wanted) {
        String refusal = slave.browseRefusal();
        if (refusal != null) {
            Acceptor.refuse(from, request, ErrorCode.ILLEGAL_STATE, refusal);
            return;
        }
        slave.browse(wanted, result -> answer(from, request, result));
    }

    /** On a reader thread. */
    private static void answer(FrameConnection to, Frame request, BrowseResult resultOrNull) {
        if (resultOrNull == null) {
            Acceptor.refuse(to, request, ErrorCode.ILLEGAL_STATE, "the queue cannot be read; see this Slave's log");
        } else {
            List<Delivery> page = new ArrayList<>();
            int bytes = 64;
            for (BrowseResult.Seen seen : resultOrNull.messages()) {
                MessageRef ref = new MessageRef(seen.lane(), seen.offset());
                page.add(new Delivery(page.size() + 1, seen.count(), ref, seen.message()));
                bytes += seen.message().size() + 48;
            }
            ByteBuf body = to.newBody(bytes);
            new BrowseCommittedResponse(
                            resultOrNull.known(),
                            page,
                            resultOrNull.priority() < 0,
                            Math.max(0, resultOrNull.priority()),
                            resultOrNull.offset())
                    .encode(body);
            to.respond(request, body);
        }
        to.flush();
    }

    private void promote(FrameConnection from, Frame request, PromoteRequest promote) {
        String refusal = slave.refusal(promote);
        RoleFile.State role = refusal == null ? slave.promote(promote) : null;
        if (role == null) {
            String why = refusal != null ? refusal : slave.refusal(promote);
            Acceptor.refuse(from, request, ErrorCode.ILLEGAL_STATE, why == null ? "try again" : why);
            from.flush();
            return;
        }
        ByteBuf body = from.newBody(24);
        new PromoteResponse(role.epoch(), slave.durable()).encode(body);
        from.respond(request, body);
        from.flush();
        promoted.run();
    }
}
