package io.posthorn.provider.remote;

import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.ProviderException;
import java.util.concurrent.CompletableFuture;

/**
 * A consumer at one broker group, as a part of a {@link ClusterConsumer}. While it is the only one it passes everything through; otherwise its owner
 * decides. Its fields are guarded by the owner.
 */
final class ConsumerPart implements DeliveryListener {

    private final ClusterConsumer owner;
    private final FailoverProvider group;
    private volatile RemoteConsumer remote;

    /** Highest local id that came; event loop writes. */
    private volatile long last;

    /** Whether its link works. */
    boolean live = true;
    /** What comes is to go back at once, from this local id on; 0 when not. */
    long backFrom;
    /** Highest local id handed to the application. */
    long handed;
    /** Why its group has closed it; null as long as it has not. */
    ProviderException over;
    /** A browser has seen all of it. */
    boolean browsed;

    private CompletableFuture<Boolean> draining;

    ConsumerPart(ClusterConsumer owner, FailoverProvider group) {
        this.owner = owner;
        this.group = group;
    }

    /** Opens it. Fails like {@link FailoverProvider#openConsumer}. */
    CompletableFuture<ConsumerPart> open() {
        return group.openConsumer(owner.spec(), this).thenApply(this::opened);
    }

    private ConsumerPart opened(ConsumerHandle handle) {
        remote = (RemoteConsumer) handle;
        return this;
    }

    FailoverProvider group() {
        return group;
    }

    RemoteConsumer remote() {
        return remote;
    }

    long last() {
        return last;
    }

    /** Has the broker send what is there, so many at most, and take the credit back. Completes early when the link is lost. */
    CompletableFuture<Boolean> drain(long room) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        draining = mine;
        group.drain(remote, last + room).whenComplete((end, failure) -> {
            boolean late = mine.isDone();
            if (failure == null) {
                mine.complete(end);
            } else {
                mine.completeExceptionally(failure);
            }
            if (late) {
                // It came to an end on the next link, and took away what was granted there.
                owner.regrant(this);
            }
        });
        return mine;
    }

    /** The drain under way, if there is one, is not waited for any longer. */
    void abandonDrain() {
        CompletableFuture<Boolean> under = draining;
        draining = null;
        if (under != null) {
            under.complete(false);
        }
    }

    @Override
    public void delivered(Delivered delivered) {
        last = delivered.deliveryId();
        if (owner.isSole(this)) {
            owner.deliveredUntranslated(this, delivered);
        } else {
            owner.delivered(this, delivered);
        }
    }

    @Override
    public void endOfBatch() {
        owner.listener().endOfBatch();
    }

    @Override
    public long interrupted() {
        return owner.isSole(this) ? owner.listener().interrupted() : owner.interrupted(this);
    }

    @Override
    public void resumed() {
        if (owner.isSole(this)) {
            owner.listener().resumed();
        } else {
            owner.resumed(this);
        }
    }

    @Override
    public void closed(ProviderException reason) {
        owner.closed(this, reason);
    }
}
