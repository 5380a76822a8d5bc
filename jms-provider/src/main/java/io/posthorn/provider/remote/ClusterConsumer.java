package io.posthorn.provider.remote;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.Settle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A consumer over all broker groups that hold its destination. The application sees one sequence of deliveries, in the order in which they come; the order of
 * each part is kept. Every part has the whole window, so none waits for another; what was not asked for in the end is given back like all that
 * an application does not take.
 *
 * <p>With one part, nothing is translated or counted. When a link is lost, everything that the application has not got is void, whichever part it came
 * from: the other parts stop, give theirs back unread, and go on, so that the order of each is kept. Any thread calls the verbs; deliveries
 * come on the event loop.
 */
final class ClusterConsumer implements ConsumerHandle {

    /** Told about parts that come to an end; on the event loop, without a lock. */
    interface Owner {

        /** @param last whether the consumer has no other part */
        void partClosed(ClusterConsumer consumer, ConsumerPart part, ProviderException reason, boolean last);

        /** Number of a part's group, for what lies there; see {@link GroupTable#tag}. */
        int tag(ConsumerPart part);
    }

    private final int consumerId;
    private final ConsumerSpec spec;
    private final DeliveryListener listener;
    private final Owner owner;

    /** The only part, whose ids are those of the consumer; null once there were several. */
    private volatile ConsumerPart sole;

    private volatile ConsumerPart first;
    private volatile boolean closed;

    // What the application has granted last; several parts get it under the lock.
    private volatile long limit;
    private volatile int windowMaxBytes;

    /** While there is one part: how far the application got. Other threads may see it late, which the next mark makes good. */
    private volatile long handedToSole;

    // Guarded by this.
    private final List<ConsumerPart> parts = new ArrayList<>(1);
    private final Set<String> joining = new HashSet<>(0);
    private DeliveryRuns runs;
    private long handed;
    /** The application has been told of an interruption, and not yet that it goes on. */
    private boolean paused;

    ClusterConsumer(int consumerId, ConsumerSpec spec, DeliveryListener listener, Owner owner) {
        this.consumerId = consumerId;
        this.spec = spec;
        this.listener = listener;
        this.owner = owner;
    }

    @Override
    public int consumerId() {
        return consumerId;
    }

    @Override
    public boolean outlivesConnection() {
        return first.remote().outlivesConnection();
    }

    ConsumerSpec spec() {
        return spec;
    }

    DeliveryListener listener() {
        return listener;
    }

    /** The part that was there at the beginning. */
    ConsumerPart first() {
        return first;
    }

    /** The only part, or null. */
    ConsumerPart sole() {
        return sole;
    }

    boolean isSole(ConsumerPart part) {
        ConsumerPart only = sole;
        return only == part || first == null;
    }

    boolean isClosed() {
        return closed;
    }

    /** Names of the groups that it reads from. */
    synchronized List<String> groups() {
        return parts.stream().map(part -> part.group().group()).toList();
    }

    /** A group is about to join. @return false when it is so already */
    synchronized boolean joining(String group) {
        return joining.add(group);
    }

    /** Whether it has joined or not, it may be tried again. */
    synchronized void joined(String group) {
        joining.remove(group);
    }

    /** A part is open. Event loop. */
    void join(ConsumerPart part) {
        boolean initial;
        synchronized (this) {
            parts.add(part);
            initial = first == null;
            if (initial) {
                first = part;
                sole = part;
            } else {
                beginTranslating();
                if (!closed && !paused) {
                    grant(part);
                }
            }
        }
        if (part.over != null) {
            closed(part, part.over);
        } else if (closed) {
            part.group().closeConsumer(part.remote(), 0, false);
        } else if (!initial) {
            resumeIfPossible();
        }
    }

    /** What came until now came from the first part. Guarded by this. */
    private void beginTranslating() {
        if (runs == null) {
            runs = new DeliveryRuns(first, first.last());
            first.handed = handedToSole;
            handed = handedToSole;
            sole = null;
        }
    }

    // ---- credit

    void credit(long newLimit, int newWindowMaxBytes) {
        ConsumerPart only = sole;
        if (only != null) {
            // Remembered for parts that join.
            limit = newLimit;
            windowMaxBytes = newWindowMaxBytes;
            only.group().credit(only.remote(), newLimit, newWindowMaxBytes);
            return;
        }
        synchronized (this) {
            limit = newLimit;
            windowMaxBytes = newWindowMaxBytes;
            parts.forEach(this::grant);
        }
    }

    /** A late drain has taken a part's credit. */
    synchronized void regrant(ConsumerPart part) {
        if (runs != null && !closed) {
            grant(part);
        }
    }

    private void grant(ConsumerPart part) {
        if (part.live && part.backFrom == 0 && windowMaxBytes > 0) {
            long window = Math.max(0, limit - runs.last());
            part.group().credit(part.remote(), part.last() + window, windowMaxBytes);
        }
    }

    CompletableFuture<Boolean> drain(long drainLimit) {
        ConsumerPart only = sole;
        if (only != null) {
            limit = 0;
            return only.group().drain(only.remote(), drainLimit);
        }
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        boolean browse = spec.kind() == ConsumerSpec.Kind.BROWSE;
        synchronized (this) {
            limit = 0;
            long room = Math.max(0, drainLimit - runs.last());
            for (ConsumerPart part : parts) {
                if (part.live && part.backFrom == 0 && !part.browsed) {
                    answers.add(part.drain(room).thenApply(end -> part.browsed = browse && end));
                }
            }
        }
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(all -> answers.stream().allMatch(CompletableFuture::join));
    }

    // ---- settling

    void handOver(long to) {
        ConsumerPart only = sole;
        if (only != null) {
            handedToSole = to;
            only.group().handOver(only.remote(), to);
            return;
        }
        for (ConsumerPart part : handed(to)) {
            part.group().handOver(part.remote(), part.handed);
        }
    }

    /** Remembers how far the application got; the parts that got further. */
    private List<ConsumerPart> handed(long to) {
        List<ConsumerPart> touched = new ArrayList<>(1);
        synchronized (this) {
            if (to > handed) {
                runs.each(handed + 1, to, (part, from, end) -> {
                    part.handed = Math.max(part.handed, end);
                    if (!touched.contains(part)) {
                        touched.add(part);
                    }
                });
                handed = to;
                if (spec.kind() == ConsumerSpec.Kind.BROWSE) {
                    runs.settle(1, to);
                }
            }
        }
        return touched;
    }

    void accept(long from, long to, long handOverTo) {
        ConsumerPart only = sole;
        if (only != null) {
            handedToSole = handOverTo;
            only.group().accept(only.remote(), from, to, handOverTo);
            return;
        }
        List<ConsumerPart> touched = handed(handOverTo);
        for (Piece piece : settled(from, to)) {
            ConsumerPart part = piece.part;
            touched.remove(part);
            part.group().accept(part.remote(), piece.from, piece.to, part.handed);
        }
        for (ConsumerPart part : touched) {
            part.group().handOver(part.remote(), part.handed);
        }
    }

    void acceptLast(long from, long to) {
        ConsumerPart only = sole;
        if (only != null) {
            only.group().acceptLast(only.remote(), from, to);
            return;
        }
        for (Piece piece : settled(from, to)) {
            piece.part.group().acceptLast(piece.part.remote(), piece.from, piece.to);
        }
    }

    /** Consecutive deliveries of one part, by its ids. */
    private record Piece(ConsumerPart part, long from, long to) {}

    private synchronized List<Piece> settled(long from, long to) {
        List<Piece> pieces = new ArrayList<>(1);
        runs.each(from, to, (part, first, last) -> pieces.add(new Piece(part, first, last)));
        runs.settle(from, to);
        return pieces;
    }

    /** Cuts a span into those of the parts, which are about to be settled. */
    void split(DeliverySpan span, SpansByGroup into) {
        ConsumerPart only = sole;
        if (only != null) {
            into.add(only.group(), new DeliverySpan(only.remote(), span.from(), span.to()));
            return;
        }
        synchronized (this) {
            runs.each(
                    span.from(),
                    span.to(),
                    (part, from, to) -> into.add(part.group(), new DeliverySpan(part.remote(), from, to)));
            runs.settle(span.from(), span.to());
        }
    }

    // ---- news of the parts: event loop

    /** From the only part. */
    void deliveredUntranslated(ConsumerPart part, Delivered delivered) {
        EncodedMessage message = delivered.message();
        listener.delivered(
                message.isLarge()
                        ? new Delivered(delivered.deliveryId(), delivered.deliveryCount(), tagged(part, message))
                        : delivered);
    }

    void delivered(ConsumerPart part, Delivered delivered) {
        long id = 0;
        boolean unasked = false;
        synchronized (this) {
            if (paused && part.backFrom == 0) {
                part.backFrom = delivered.deliveryId();
                unasked = true;
            } else if (part.backFrom == 0) {
                id = runs.assign(part, delivered.deliveryId());
            }
        }
        if (id == 0) {
            if (unasked) {
                giveBack(part);
            }
            return;
        }
        listener.delivered(new Delivered(id, delivered.deliveryCount(), tagged(part, delivered.message())));
    }

    /** A large body is fetched from where the message came from. */
    private EncodedMessage tagged(ConsumerPart part, EncodedMessage message) {
        if (!message.isLarge()) {
            return message;
        }
        LargeBody body = message.largeBody();
        return message.withLargeBody(
                new LargeBody(body.length(), ClusterLargeBodies.tag(body.lane(), owner.tag(part)), body.ranges()));
    }

    /** @return how far the application got with this part */
    long interrupted(ConsumerPart lost) {
        boolean tell;
        synchronized (this) {
            lost.live = false;
            tell = !paused;
            paused = true;
        }
        lost.abandonDrain();
        if (tell) {
            long got = listener.interrupted();
            synchronized (this) {
                for (ConsumerPart part : parts) {
                    long unread = runs.firstAfter(part, got);
                    if (part.backFrom == 0) {
                        part.backFrom = unread > 0 ? unread : part.last() + 1;
                    }
                }
                runs.cut(got);
                handed = Math.max(handed, got);
            }
            others(lost).forEach(this::giveBack);
        }
        synchronized (this) {
            long got = lost.backFrom > 0 ? lost.backFrom - 1 : lost.last();
            lost.backFrom = 0;
            return got;
        }
    }

    private synchronized List<ConsumerPart> others(ConsumerPart lost) {
        return parts.stream().filter(part -> part != lost && part.live).toList();
    }

    /** Stops a part, and gives back what the application has not got of it. */
    private void giveBack(ConsumerPart part) {
        CompletableFuture<Boolean> stopped;
        synchronized (this) {
            stopped = part.drain(0);
        }
        stopped.whenComplete((end, failure) -> {
            List<DeliverySpan> unread = new ArrayList<>(1);
            synchronized (this) {
                if (part.live && part.backFrom > 0) {
                    if (part.backFrom <= part.last()) {
                        unread.add(new DeliverySpan(part.remote(), part.backFrom, part.last()));
                    }
                    part.backFrom = 0;
                }
            }
            if (!unread.isEmpty()) {
                part.group().acknowledge(Settle.RELEASE, unread, false);
            }
            resumeIfPossible();
        });
    }

    void resumed(ConsumerPart part) {
        synchronized (this) {
            part.live = true;
            part.backFrom = 0;
            if (!paused) {
                grant(part);
            }
        }
        resumeIfPossible();
    }

    /** Once no part has to stop any more, and one works, the application goes on. */
    private void resumeIfPossible() {
        synchronized (this) {
            boolean works = parts.stream().anyMatch(part -> part.live);
            boolean stopping = parts.stream().anyMatch(part -> part.live && part.backFrom > 0);
            if (!paused || !works || stopping || closed) {
                return;
            }
            paused = false;
        }
        listener.resumed();
    }

    void closed(ConsumerPart part, ProviderException reason) {
        boolean none;
        synchronized (this) {
            part.live = false;
            part.over = reason;
            if (!parts.remove(part)) {
                // It has not joined yet.
                return;
            }
            none = parts.isEmpty();
            if (first != null) {
                beginTranslating();
            }
        }
        part.abandonDrain();
        if (closed) {
            return;
        }
        owner.partClosed(this, part, reason, none);
        if (!none) {
            resumeIfPossible();
        }
    }

    /** Whether it reads from no group at all now. */
    synchronized boolean isNowhere() {
        return parts.isEmpty();
    }

    /** The consumer is over. */
    void fail(ProviderException reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        listener.closed(reason);
    }

    CompletableFuture<Void> close(long handedOverTo, boolean keepUnsettled) {
        ConsumerPart only = sole;
        closed = true;
        if (only != null) {
            return only.group().closeConsumer(only.remote(), handedOverTo, keepUnsettled);
        }
        handed(handedOverTo);
        List<ConsumerPart> open;
        synchronized (this) {
            open = new ArrayList<>(parts);
        }
        return CompletableFuture.allOf(open.stream()
                .map(part -> part.group().closeConsumer(part.remote(), part.handed, keepUnsettled))
                .toArray(CompletableFuture<?>[]::new));
    }
}
