package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.provider.ProducerHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A sending session over all broker groups that it sends to. It keeps to one of the groups of each destination, so that its order is kept; messages with a
 * JMSXGroupID go to the group that their id stands for. Any thread.
 */
final class ClusterProducer implements ProducerHandle {

    /** Destinations for which the choice is remembered. */
    private static final int CHOICES_MAX = 1_000;

    private final RemoteProducer home;
    private final FailoverProvider homeGroup;
    private final RemoteProducer.Misplaced misplaced;

    // Guarded by this.
    private final Map<FailoverProvider, RemoteProducer> others = new LinkedHashMap<>();
    private final Map<DestinationName, String> choices = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DestinationName, String> eldest) {
            return size() > CHOICES_MAX;
        }
    };
    /** The group that the current transaction touched first; null when none. */
    private FailoverProvider firstTouched;

    /** @param elsewhere makes what takes sends of this session that belong to another group than the one they were given to */
    ClusterProducer(FailoverProvider homeGroup, Function<ClusterProducer, RemoteProducer.Misplaced> elsewhere) {
        this.homeGroup = homeGroup;
        this.home = homeGroup.openProducer();
        this.misplaced = elsewhere.apply(this);
        home.misplaced(misplaced);
    }

    @Override
    public long producerId() {
        return home.producerId();
    }

    @Override
    public long nextMessageNumber() {
        return home.nextMessageNumber();
    }

    /** At the group that the connection met first. */
    RemoteProducer home() {
        return home;
    }

    /** At this group; made when it is wanted. */
    RemoteProducer at(FailoverProvider group) {
        if (group == homeGroup) {
            return home;
        }
        synchronized (this) {
            return others.computeIfAbsent(group, key -> {
                RemoteProducer made = group.openProducer();
                made.misplaced(misplaced);
                return made;
            });
        }
    }

    /** Like {@link #at}, for a send of the current transaction. */
    RemoteProducer touch(FailoverProvider group) {
        synchronized (this) {
            if (firstTouched == null) {
                firstTouched = group;
            }
        }
        return at(group);
    }

    /** Groups that have sends of the current transaction, the first one first; forgets which that was. */
    List<FailoverProvider> touched() {
        List<FailoverProvider> touched = new ArrayList<>(2);
        synchronized (this) {
            if (firstTouched != null) {
                touched.add(firstTouched);
                firstTouched = null;
            }
            others.forEach((group, producer) -> addIfStaged(group, producer, touched));
        }
        addIfStaged(homeGroup, home, touched);
        return touched;
    }

    private static void addIfStaged(FailoverProvider group, RemoteProducer producer, List<FailoverProvider> touched) {
        if (producer.hasStaged() && !touched.contains(group)) {
            touched.add(group);
        }
    }

    /**
     * The group to send a message to, of several that take it. A choice holds as long as its group can be reached.
     *
     * @param usable those of the groups that can be reached; all of them when none can
     */
    String choose(EncodedMessage message, List<String> usable) {
        if (message.isGrouped()) {
            return heaviest(message.groupId().hashCode(), usable);
        }
        synchronized (this) {
            String chosen = choices.get(message.destination());
            if (chosen == null || !usable.contains(chosen)) {
                chosen = heaviest(Long.hashCode(home.producerId()), usable);
                choices.put(message.destination(), chosen);
            }
            return chosen;
        }
    }

    /** Rendezvous hashing: a group that comes or goes moves nothing but what it gets or had. */
    static String heaviest(int hash, List<String> groups) {
        String best = null;
        int bestWeight = 0;
        for (String group : groups) {
            int weight = mix(hash ^ mix(group.hashCode()));
            if (best == null || weight > bestWeight) {
                best = group;
                bestWeight = weight;
            }
        }
        return best;
    }

    private static int mix(int value) {
        int mixed = (value ^ value >>> 16) * 0x45d9f3b;
        mixed = (mixed ^ mixed >>> 16) * 0x45d9f3b;
        return mixed ^ mixed >>> 16;
    }

    /** The session has ended. */
    void close() {
        Map<FailoverProvider, RemoteProducer> open;
        synchronized (this) {
            open = new HashMap<>(others);
        }
        home.close();
        open.values().forEach(RemoteProducer::close);
    }
}
