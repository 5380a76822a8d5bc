package io.posthorn.cluster.harness;

import io.posthorn.cluster.history.Event.MasterSeen;
import io.posthorn.cluster.history.History;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse.Role;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Asks every broker of a group again and again who it is, and records each one that says it is the Master. */
public final class MasterWatch implements Closeable {

    private static final long PAUSE_NS = 100_000_000;

    private final Group group;
    private final History history;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    public MasterWatch(Group group, History history) {
        this.group = group;
        this.history = history;
        // One for each, since one that is paused does not answer.
        for (Node node : group.members()) {
            Thread thread = new Thread(() -> watch(node), "master-watch-" + node.name());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void watch(Node node) {
        while (!ended) {
            ReplicaStatusResponse status = Group.status(node);
            if (status != null && status.role() == Role.MASTER) {
                history.add(new MasterSeen(group.name(), status.epoch(), node.address(), status.commit()));
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Returns when nothing more will be recorded. */
    @Override
    public void close() {
        ended = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
