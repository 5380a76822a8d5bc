package io.posthorn.server.broker;

import io.posthorn.message.DestinationName;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.RefusalKind;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Carries out sends, and lets those wait whose destination is full and wants its senders to ({@code whenFull=block}). What the same session
 * sends afterwards, and the end of its transaction, waits behind such a send, so that its order is kept; acknowledgements do not, for they may
 * be what makes room. Who came first gets the room first. A send waits until there is room or its time is up.
 *
 * <p>The submitting methods run on event loops, all others inside the sequencer.
 */
final class OrderedSends {

    private final BrokerCore core;
    private final Map<Line, ArrayDeque<Waiting>> lines = new LinkedHashMap<>();
    /** Destinations for which the first of some line waits. */
    private final Set<DestinationName> awaited = new HashSet<>();

    private long seenRoom;

    /** The sends of one session of a client. */
    private record Line(ClientSession session, long producerId) {}

    /** One request, decoded. */
    private interface Step {

        /** Carries it out and answers it; false when it has to wait, which it may only if it is allowed to. */
        boolean run(boolean mayWait);
    }

    /** @param destination null for what only keeps its place */
    private record Waiting(Frame request, DestinationName destination, long untilMs, Step step) {}

    OrderedSends(BrokerCore core) {
        this.core = core;
    }

    /** A SEND. */
    void submit(FrameConnection from, Frame request, SendRequest send) {
        ClientSession session = ClientSession.of(from);
        core.sequencer().post(() -> begin(session, request, send));
    }

    /** A request that must not pass the sends of its session. */
    <R> void submitBehind(FrameConnection from, Frame request, long producerId, Verb<R> verb, Answer<R> answer) {
        ClientSession session = ClientSession.of(from);
        core.sequencer().post(() -> {
            ArrayDeque<Waiting> line = lines.isEmpty() ? null : lines.get(new Line(session, producerId));
            if (line == null) {
                core.execute(session, request, verb, answer);
            } else {
                line.add(new Waiting(request, null, Long.MAX_VALUE, mayWait -> {
                    core.execute(session, request, verb, answer);
                    return true;
                }));
            }
        });
    }

    private void begin(ClientSession session, Frame request, SendRequest send) {
        Step step = mayWait -> run(session, request, send, mayWait);
        DestinationName destination = send.message().destination();
        ArrayDeque<Waiting> line = lines.isEmpty() ? null : lines.get(new Line(session, send.producerId()));
        if (line == null && !awaited.contains(destination) && step.run(true)) {
            return;
        }
        long untilMs = core.nowMs() + core.heart().blockTimeoutMs(destination);
        if (line == null) {
            line = new ArrayDeque<>();
            lines.put(new Line(session, send.producerId()), line);
            awaited.add(destination);
        }
        line.add(new Waiting(request, destination, untilMs, step));
    }

    private boolean run(ClientSession session, Frame request, SendRequest send, boolean mayWait) {
        if (!core.admitted(session, request)) {
            return true;
        }
        long now = core.nowMs();
        Outcome<Void> outcome = core.heart()
                .send(
                        session.client(),
                        send.producerId(),
                        send.sequence(),
                        send.txSequence(),
                        send.message(),
                        mayWait,
                        now);
        if (outcome.refusal() != null && outcome.refusal().kind() == RefusalKind.MUST_WAIT) {
            return false;
        }
        boolean inMemory = !send.message().persistent() && send.txSequence() == 0;
        if (inMemory) {
            core.concludeInMemory(session.connection(), request, send.message(), outcome, now);
        } else {
            core.conclude(session.connection(), request, outcome, Answer.empty());
        }
        return true;
    }

    /** Carries out what has got room, and refuses what has waited long enough. Returns whether something was done. */
    boolean retry(long now) {
        if (lines.isEmpty() || seenRoom == core.heart().roomCount() && now < nextDeadlineMs()) {
            return false;
        }
        seenRoom = core.heart().roomCount();
        awaited.clear();
        boolean done = false;
        for (Iterator<ArrayDeque<Waiting>> each = lines.values().iterator(); each.hasNext(); ) {
            ArrayDeque<Waiting> line = each.next();
            done |= advance(line, now);
            if (line.isEmpty()) {
                each.remove();
            } else {
                awaited.add(line.peek().destination);
            }
        }
        return done;
    }

    private boolean advance(ArrayDeque<Waiting> line, long now) {
        boolean done = false;
        for (Waiting next = line.peek(); next != null; next = line.peek()) {
            boolean late = now >= next.untilMs;
            // Who came first for this destination still waits.
            boolean mustWait = !late && next.destination != null && awaited.contains(next.destination);
            if (mustWait || !next.step.run(!late)) {
                return done;
            }
            line.remove();
            done = true;
        }
        return done;
    }

    /** When {@link #retry} is wanted, in ms since 1970; Long.MAX_VALUE when nothing waits. */
    long nextMs(long now) {
        return lines.isEmpty() || seenRoom == core.heart().roomCount() ? nextDeadlineMs() : now;
    }

    private long nextDeadlineMs() {
        long next = Long.MAX_VALUE;
        for (ArrayDeque<Waiting> line : lines.values()) {
            next = Math.min(next, line.peek().untilMs);
        }
        return next;
    }

    /** A client goes: what it wanted to send is not sent. */
    void drop(ClientSession session) {
        if (lines.isEmpty()) {
            return;
        }
        lines.forEach((line, all) -> {
            if (line.session == session) {
                all.forEach(each -> Acceptor.refuse(
                        session.connection(),
                        each.request,
                        ErrorCode.ILLEGAL_STATE,
                        "the connection was closed while a send waited for room"));
            }
        });
        lines.keySet().removeIf(line -> line.session == session);
        seenRoom = -1;
    }

    /** Refuses all that waits. */
    void fail(String why) {
        lines.forEach((line, all) ->
                all.forEach(each -> Acceptor.refuse(line.session.connection(), each.request, ErrorCode.FENCED, why)));
        lines.clear();
        awaited.clear();
    }
}
