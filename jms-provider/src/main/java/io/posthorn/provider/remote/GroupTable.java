package io.posthorn.provider.remote;

import io.posthorn.provider.Login;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The connections of one JMS connection to broker groups, by the groups' names; made when they are wanted. One that could not be mended is let go, and made
 * anew when it is wanted again. Any thread.
 */
final class GroupTable {

    /** What happens to the connection to one group; on the event loop. */
    interface Events {

        /** It could not be mended. @return whether the JMS connection lives on without it */
        boolean lost(FailoverProvider group, ProviderException reason);

        /** It works again. */
        void restored(FailoverProvider group);
    }

    private final Mending.Parts parts;
    private final NameServerLink names;
    private final ProviderListener listener;
    private final Events events;

    // Guarded by this.
    private final Map<String, FailoverProvider> open = new TreeMap<>();
    private final List<String> tags = new ArrayList<>();
    private Login login;
    private ClusterView view;
    private boolean closed;

    GroupTable(Mending.Parts parts, NameServerLink names, Login login, ProviderListener listener, Events events) {
        this.parts = parts;
        this.names = names;
        this.login = login;
        this.listener = listener;
        this.events = events;
    }

    /** Connects to a group at once; the first one of a connection. Event loop. */
    CompletableFuture<FailoverProvider> connect(String group, ClusterView where) {
        FailoverProvider made = make(group);
        synchronized (this) {
            open.put(group, made);
            view = where;
        }
        return made.connect(where).whenComplete((done, failure) -> {
            if (failure != null) {
                remove(made);
            }
        });
    }

    /** The connection to a group, perhaps not there yet; then verbs wait. */
    FailoverProvider of(String group) {
        FailoverProvider made;
        ClusterView where;
        synchronized (this) {
            FailoverProvider there = open.get(group);
            if (there != null) {
                return there;
            }
            made = make(group);
            if (closed) {
                made.close();
                return made;
            }
            open.put(group, made);
            where = view;
        }
        parts.loop().execute(() -> made.remember(where));
        made.connectPatiently();
        return made;
    }

    private FailoverProvider make(String group) {
        GroupListener told = new GroupListener();
        Login as;
        synchronized (this) {
            as = login;
        }
        FailoverProvider made = new FailoverProvider(parts, names, group, as, told);
        told.group = made;
        return made;
    }

    synchronized List<FailoverProvider> all() {
        return new ArrayList<>(open.values());
    }

    /** Groups that are made from now on claim this client id when they log in. */
    synchronized void clientId(String clientId) {
        login = new Login(login.user(), login.password(), clientId);
    }

    synchronized String clientId() {
        return login.clientId();
    }

    /** Event loop. */
    void remember(ClusterView where) {
        List<FailoverProvider> there;
        synchronized (this) {
            view = where;
            there = all();
        }
        there.forEach(group -> group.remember(where));
    }

    /** Where the Masters were last. */
    synchronized ClusterView view() {
        return view;
    }

    /** A small number for a group, 1 or more, the same for the life of this connection. */
    synchronized int tag(String group) {
        int index = tags.indexOf(group);
        if (index < 0) {
            tags.add(group);
            index = tags.size() - 1;
        }
        return index + 1;
    }

    /** The group of a {@link #tag}. */
    synchronized String tagged(int tag) {
        return tags.get(tag - 1);
    }

    /** Closes all in order. */
    CompletableFuture<Void> close() {
        List<FailoverProvider> there;
        synchronized (this) {
            closed = true;
            there = all();
        }
        return CompletableFuture.allOf(
                there.stream().map(FailoverProvider::close).toArray(CompletableFuture<?>[]::new));
    }

    private synchronized void remove(FailoverProvider group) {
        open.remove(group.group(), group);
    }

    /** One group's news. */
    private final class GroupListener implements ProviderListener {

        private FailoverProvider group;

        @Override
        public void interrupted(String reason) {
            listener.interrupted(reason);
        }

        @Override
        public void restored() {
            events.restored(group);
            listener.restored();
        }

        @Override
        public void problem(ProviderException failure) {
            listener.problem(failure);
        }

        @Override
        public void failed(ProviderException failure) {
            if (events.lost(group, failure)) {
                remove(group);
                group.close();
                listener.problem(failure);
            } else {
                listener.failed(failure);
            }
        }
    }
}
