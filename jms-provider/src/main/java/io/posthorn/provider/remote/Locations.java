package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.protocol.TopicNames;
import io.posthorn.protocol.api.LocateRequest.Mode;
import io.posthorn.protocol.api.LocateResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Where destinations lie: what the directory has said, kept until it says that something has changed. While the directory cannot be reached the
 * NameServers' routes tell where existing destinations are; that there is no route proves nothing. Any thread; futures complete on the event loop.
 */
final class Locations {

    /** Beyond it all are asked for anew: a client that uses more destinations than that can afford it. */
    private static final int KNOWN_MAX = 10_000;

    private final Loop loop;
    private final NameServerLink names;
    private final Supplier<FailoverProvider> directory;
    private final ConcurrentMap<DestinationName, Location> known = new ConcurrentHashMap<>();
    /** Asked about by {@link #renew}; event loop only. */
    private final Set<DestinationName> renewing = new HashSet<>();

    private volatile long version;

    /** @param directory the connection to it */
    Locations(Loop loop, NameServerLink names, Supplier<FailoverProvider> directory) {
        this.loop = loop;
        this.names = names;
        this.directory = directory;
    }

    /** What is known, or null. */
    Location known(DestinationName name) {
        return name.kind().isTemporary() ? ofTemporary(name) : known.get(name);
    }

    void forget(DestinationName name) {
        known.remove(name);
    }

    /** Asks again where a destination lies, if the directory can be asked; until it has answered, what is known stays. Event loop. */
    void renew(DestinationName name) {
        FailoverProvider at = directory.get();
        if (at.isConnected() && !name.kind().isTemporary() && renewing.add(name)) {
            ask(at, name, Mode.LOOK).whenComplete((location, failure) -> renewing.remove(name));
        }
    }

    /**
     * Finds a destination, and has it created where that is possible.
     *
     * @return fails with what the directory says, or with NOT_PLACED when it cannot be asked and no route is known
     */
    CompletableFuture<Location> find(DestinationName name, Mode mode) {
        Location here = known(name);
        if (here != null && (mode != Mode.REPAIR || name.kind().isTemporary())) {
            return CompletableFuture.completedFuture(here);
        }
        FailoverProvider at = directory.get();
        if (at.isConnected()) {
            return ask(at, name, mode);
        }
        return byRoute(name)
                .handle((found, noRoute) -> found)
                .thenCompose(found -> found != null ? CompletableFuture.completedFuture(found) : ask(at, name, mode));
    }

    private CompletableFuture<Location> ask(FailoverProvider at, DestinationName name, Mode mode) {
        return at.ask(ClusterVerbs.locate(mode, List.of(name))).handle((answer, failure) -> {
            if (failure != null) {
                throw explained(at, name, Failures.asProviderException(failure));
            }
            Location location = answer.locations().isEmpty()
                    ? Location.NOWHERE
                    : Location.of(answer.locations().get(0));
            if (!location.isNowhere()) {
                keep(name, location, answer);
            }
            return location;
        });
    }

    private void keep(DestinationName name, Location location, LocateResponse answer) {
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        known.put(name, location);
        if (version == 0) {
            version = answer.version();
        }
    }

    private static ProviderException explained(FailoverProvider at, DestinationName name, ProviderException failure) {
        return failure.kind() == Kind.CONNECTION || failure.kind() == Kind.TIMEOUT
                ? new ProviderException(
                        Kind.NOT_PLACED,
                        "the directory, broker group " + at.group() + ", cannot be reached, so nobody can say where "
                                + name + " lies, or create it: " + failure.getMessage(),
                        failure)
                : failure;
    }

    private CompletableFuture<Location> byRoute(DestinationName name) {
        CompletableFuture<Location> found = new CompletableFuture<>();
        loop.execute(() -> names.route(TopicNames.topicOf(name)).whenComplete((view, failure) -> {
            if (failure == null) {
                found.complete(Location.of(view.masters().keySet()));
            } else {
                found.completeExceptionally(failure);
            }
        }));
        return found;
    }

    /** Asks the directory whether something has changed, and then forgets all. @return whether something had; never fails */
    CompletableFuture<Boolean> refresh() {
        FailoverProvider at = directory.get();
        if (!at.isConnected()) {
            return CompletableFuture.completedFuture(false);
        }
        return at.ask(ClusterVerbs.locate(Mode.LOOK, List.of())).handle((answer, failure) -> {
            if (failure != null || answer.version() == version) {
                return false;
            }
            version = answer.version();
            known.clear();
            return true;
        });
    }

    /** A temporary destination lies with the broker that has made it, which its name begins with. */
    private static Location ofTemporary(DestinationName name) {
        int slash = name.name().indexOf('/');
        return slash < 1 ? Location.NOWHERE : Location.of(List.of(name.name().substring(0, slash)));
    }
}
