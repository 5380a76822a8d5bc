package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.api.LocateRequest.Mode;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.SendCallback;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Takes messages to the broker groups that hold their destinations, and to others when those have moved or cannot be reached. Any thread. */
final class ClusterSends {

    /** A destination may move so often while a send looks for it. */
    private static final int RESENDS_MAX = 4;

    private final ClusterProvider cluster;
    private final Loop loop;

    ClusterSends(ClusterProvider cluster, Loop loop) {
        this.cluster = cluster;
        this.loop = loop;
    }

    void send(ClusterProducer from, EncodedMessage message, boolean transacted, SendCallback callback) {
        FailoverProvider only = cluster.sole();
        if (only != null) {
            only.send(from.home(), message, transacted, callback);
            return;
        }
        FailoverProvider to = target(from, message);
        EncodedMessage bare = message.isLarge() ? ClusterLargeBodies.untagged(message) : message;
        to.send(transacted ? from.touch(to) : from.at(to), bare, transacted, callback);
    }

    /** The group that a message is sent to; waits until it is found. */
    FailoverProvider target(ClusterProducer producer, EncodedMessage message) {
        FailoverProvider only = cluster.sole();
        if (only != null) {
            return only;
        }
        if (message.isLarge()) {
            return cluster.tagged(ClusterLargeBodies.tagOf(message.largeBody().lane()));
        }
        Location location = cluster.locations().known(message.destination());
        if (location == null) {
            location = await(cluster.locations().find(message.destination(), Mode.CREATE));
        }
        return target(producer, message, location);
    }

    private FailoverProvider target(ClusterProducer producer, EncodedMessage message, Location location) {
        if (location.writable().isEmpty()) {
            cluster.locations().forget(message.destination());
            throw new ProviderException(
                    location.isNowhere() ? Kind.INVALID_DESTINATION : Kind.NOT_PLACED,
                    location.isNowhere()
                            ? "there is no " + message.destination()
                            : "no broker group takes messages to " + message.destination() + " now");
        }
        List<String> writable = location.writable();
        return cluster.group(writable.size() == 1 ? writable.get(0) : choose(producer, message, writable));
    }

    private String choose(ClusterProducer producer, EncodedMessage message, List<String> writable) {
        List<String> reachable = reachable(writable);
        return producer.choose(message, reachable.isEmpty() ? writable : reachable);
    }

    private List<String> reachable(List<String> groups) {
        List<String> some = new ArrayList<>(groups.size());
        for (String name : groups) {
            if (cluster.group(name).isReachable()) {
                some.add(name);
            }
        }
        return some;
    }

    private <T> T await(CompletableFuture<T> answer) {
        if (loop.isCurrentThread()) {
            throw new ProviderException(
                    Kind.ILLEGAL_STATE, "the first send to a destination has to wait, which an I/O thread must not");
        }
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw Failures.asProviderException(failed);
        }
    }

    /** What becomes of a session's sends that belong to another group. */
    RemoteProducer.Misplaced elsewhere(ClusterProducer producer) {
        return new RemoteProducer.Misplaced() {
            @Override
            public void resend(EncodedMessage message, SendCallback callback, ProviderException refusal) {
                ClusterSends.this.resend(producer, message, callback, refusal);
            }

            @Override
            public boolean goesElsewhere(EncodedMessage message) {
                return ClusterSends.this.goesElsewhere(message);
            }
        };
    }

    private void resend(
            ClusterProducer producer, EncodedMessage message, SendCallback callback, ProviderException refusal) {
        int before = callback instanceof Resent again ? again.times : 0;
        if (before == RESENDS_MAX || message.isLarge()) {
            callback.done(refusal);
            return;
        }
        // That a group cannot be reached is counted by its attempts to connect.
        int times = refusal.kind() == Kind.NOT_PLACED ? before + 1 : before;
        SendCallback original = callback instanceof Resent again ? again.callback : callback;
        relocated(message.destination(), refusal).whenComplete((location, failure) -> {
            if (failure != null) {
                original.done(Failures.asProviderException(failure));
                return;
            }
            try {
                FailoverProvider to = target(producer, message, location);
                to.send(producer.at(to), message, false, new Resent(original, times));
            } catch (ProviderException refused) {
                original.done(refused);
            }
        });
    }

    private CompletableFuture<Location> relocated(DestinationName name, ProviderException refusal) {
        if (refusal.kind() != Kind.NOT_PLACED) {
            // The group cannot be reached; that there are others is known.
            return cluster.locations().find(name, Mode.LOOK);
        }
        return cluster.lookAgain(refusal).thenCompose(several -> {
            cluster.locations().forget(name);
            return cluster.locations().find(name, Mode.REPAIR);
        });
    }

    /** One that can be reached: the group that the send waits for cannot. Otherwise what is known may be out of date. */
    private boolean goesElsewhere(EncodedMessage message) {
        Location location = cluster.sole() != null ? null : cluster.locations().known(message.destination());
        if (location == null) {
            return false;
        }
        if (!reachable(location.writable()).isEmpty()) {
            return true;
        }
        cluster.locations().renew(message.destination());
        return false;
    }

    /** A send that was refused before. */
    private record Resent(SendCallback callback, int times) implements SendCallback {

        @Override
        public void done(ProviderException failure) {
            callback.done(failure);
        }
    }
}
