package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.message.DestinationName;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.GroupDrainRequest;
import io.posthorn.protocol.api.GroupReportRequest;
import io.posthorn.protocol.api.GroupReportResponse;
import io.posthorn.protocol.api.GroupsResponse;
import io.posthorn.protocol.api.HoldSubscriptionRequest;
import io.posthorn.protocol.api.LocateRequest;
import io.posthorn.protocol.api.LocateResponse;
import io.posthorn.protocol.api.PlaceRequest;
import io.posthorn.protocol.api.SubscriptionKeyRequest;
import io.posthorn.protocol.api.SubscriptionResponse;
import io.posthorn.protocol.api.SubscriptionTerms;
import io.posthorn.server.cluster.ClusterWork;
import io.posthorn.server.cluster.DirectoryRole;
import io.posthorn.server.cluster.RefusedException;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.Located;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.store.PlacedPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * LOCATE, GROUPS and the verbs of subscription names, which the directory answers; PLACE and GROUP_REPORT, which it asks of the others.
 */
final class ClusterHandler implements RequestHandler {

    private final BrokerCore core;
    private final DirectoryRole role;
    private final ClusterWork work;

    ClusterHandler(BrokerCore core, DirectoryRole role, ClusterWork work) {
        this.core = core;
        this.role = role;
        this.work = work;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.LOCATE -> locate(from, request, LocateRequest.decode(request.body()));
            case RequestCode.GROUPS -> groups(from, request);
            case RequestCode.GRANT_SUBSCRIPTION -> grant(from, request, SubscriptionTerms.decode(request.body()));
            case RequestCode.FIND_SUBSCRIPTION -> find(from, request, SubscriptionKeyRequest.decode(request.body()));
            case RequestCode.RELEASE_SUBSCRIPTION -> {
                SubscriptionKeyRequest key = SubscriptionKeyRequest.decode(request.body());
                if (isDirectory(from, request)) {
                    core.submit(
                            from,
                            request,
                            (heart, client, now) -> heart.directory().release(key.clientId(), key.name()),
                            Answer.empty());
                }
            }
            case RequestCode.HOLD_SUBSCRIPTION -> {
                HoldSubscriptionRequest hold = HoldSubscriptionRequest.decode(request.body());
                if (isDirectory(from, request)) {
                    core.submit(
                            from,
                            request,
                            (heart, client, now) ->
                                    heart.directory().hold(client, hold.consumer(), terms(hold.terms()), hold.held()),
                            Answer.empty());
                }
            }
            case RequestCode.GROUP_DRAIN -> {
                GroupDrainRequest drain = GroupDrainRequest.decode(request.body());
                if (isDirectory(from, request)) {
                    answer(from, request, work.drain(drain.group(), drain.drain()), null);
                }
            }
            case RequestCode.PLACE -> place(from, request, PlaceRequest.decode(request.body()));
            case RequestCode.GROUP_REPORT -> report(from, request, GroupReportRequest.decode(request.body()));
            default -> throw new ProtocolException("code " + request.code() + " is no verb of the cluster");
        }
    }

    private boolean isDirectory(FrameConnection from, Frame request) {
        if (role.isHere()) {
            return true;
        }
        Acceptor.refuse(from, request, ErrorCode.NOT_PLACED, "this broker is not the directory: " + role.refusal());
        return false;
    }

    private void locate(FrameConnection from, Frame request, LocateRequest asked) {
        if (!isDirectory(from, request)) {
            return;
        }
        ClientSession session = ClientSession.of(from);
        core.sequencer().post(() -> {
            if (!core.admitted(session, request)) {
                return;
            }
            BrokerHeart heart = core.heart();
            List<Located> known = new ArrayList<>(asked.names().size());
            boolean complete = asked.mode() != LocateRequest.Mode.REPAIR;
            for (DestinationName name : asked.names()) {
                Located located = heart.directory().locate(name);
                complete &= asked.mode() == LocateRequest.Mode.LOOK
                        || !located.parts().isEmpty();
                known.add(located);
            }
            if (complete) {
                // Waits for what is not durable yet: nobody may be told of a place that could still vanish.
                Outcome<List<Located>> outcome = new Outcome<>(List.of(), known, null, true);
                core.conclude(from, request, outcome, this::located);
            } else {
                boolean repair = asked.mode() == LocateRequest.Mode.REPAIR;
                answer(from, request, work.locate(asked.names(), repair), all -> located(all, from));
            }
        });
    }

    private ByteBuf located(List<Located> all, FrameConnection to) {
        List<LocateResponse.Location> locations = new ArrayList<>(all.size());
        for (Located located : all) {
            List<LocateResponse.Part> parts = new ArrayList<>(located.parts().size());
            for (PlacedPart part : located.parts()) {
                parts.add(new LocateResponse.Part(
                        part.group(), LocateResponse.State.valueOf(part.state().name())));
            }
            locations.add(new LocateResponse.Location(parts));
        }
        ByteBuf body = to.newBody(16 + 64 * locations.size());
        new LocateResponse(core.locationsVersion(), locations).encode(body);
        return body;
    }

    private void groups(FrameConnection from, Frame request) {
        ClientSession session = ClientSession.of(from);
        core.sequencer().post(() -> {
            if (!core.admitted(session, request)) {
                return;
            }
            Set<String> draining = core.heart().directory().draining();
            CompletableFuture<List<ClusterWork.GroupStatus>> rows =
                    role.isHere() ? work.groups() : CompletableFuture.completedFuture(List.of());
            answer(from, request, rows, all -> groups(all, draining, from));
        });
    }

    private ByteBuf groups(List<ClusterWork.GroupStatus> all, Set<String> draining, FrameConnection to) {
        List<GroupsResponse.Row> rows = all.stream()
                .map(row -> new GroupsResponse.Row(
                        row.group(),
                        draining.contains(row.group()),
                        row.reachable(),
                        row.destinations(),
                        row.messages(),
                        row.bytes()))
                .toList();
        ByteBuf body = to.newBody(16 + 64 * rows.size());
        new GroupsResponse(role.directory(), rows).encode(body);
        return body;
    }

    private void grant(FrameConnection from, Frame request, SubscriptionTerms asked) {
        if (isDirectory(from, request)) {
            core.submit(
                    from,
                    request,
                    (heart, client, now) -> heart.directory().grant(terms(asked)),
                    (before, connection) ->
                            subscription(before == null || before.equals(asked.topic()), before, connection));
        }
    }

    private void find(FrameConnection from, Frame request, SubscriptionKeyRequest key) {
        if (isDirectory(from, request)) {
            core.submit(
                    from,
                    request,
                    (heart, client, now) -> Outcome.of(heart.directory().find(key.clientId(), key.name())),
                    (topic, connection) -> subscription(false, topic, connection));
        }
    }

    private static ByteBuf subscription(boolean granted, DestinationName before, FrameConnection to) {
        ByteBuf body = to.newBody(64);
        new SubscriptionResponse(granted, before == null ? List.of() : List.of(before)).encode(body);
        return body;
    }

    private static io.posthorn.server.queue.SubscriptionTerms terms(SubscriptionTerms wire) {
        return new io.posthorn.server.queue.SubscriptionTerms(
                wire.clientId(), wire.name(), wire.topic(), wire.selector(), wire.noLocal(), wire.shared());
    }

    private void place(FrameConnection from, Frame request, PlaceRequest place) {
        List<io.posthorn.server.queue.SubscriptionTerms> terms =
                place.subscriptions().stream().map(ClusterHandler::terms).toList();
        core.submit(
                from,
                request,
                (heart, client, now) ->
                        heart.destinationVerbs().place(place.name(), place.open(), place.settings(), terms, now),
                Answer.empty());
    }

    private void report(FrameConnection from, Frame request, GroupReportRequest asked) {
        core.submit(
                from,
                request,
                (heart, client, now) -> heart.destinationVerbs().summary(core.epoch(), asked.version()),
                (summary, connection) -> {
                    ByteBuf body = connection.newBody(64 + 32 * summary.names().size());
                    new GroupReportResponse(
                                    summary.version(),
                                    summary.destinations(),
                                    summary.messages(),
                                    summary.bytes(),
                                    summary.names())
                            .encode(body);
                    return body;
                });
    }

    /** Answers with what the cluster's thread comes to. */
    static <T> void answer(FrameConnection to, Frame request, CompletableFuture<T> work, Function<T, ByteBuf> body) {
        work.whenComplete((result, failure) -> {
            if (failure == null) {
                to.respond(request, body == null ? Unpooled.EMPTY_BUFFER : body.apply(result));
                return;
            }
            Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
            ErrorCode code = cause instanceof RefusedException refused ? refused.error() : ErrorCode.SYSTEM_ERROR;
            Acceptor.refuse(to, request, code, cause.getMessage());
        });
    }
}
