package io.posthorn.ra.inbound;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkAdapter;
import jakarta.resource.spi.work.WorkEvent;

/**
 * One turn of a session on a thread of the container, and what the container reports of it. Each turn is a work of its own, because some containers
 * (WildFly) call {@link #release} after every turn, maybe when the session's next one has begun already: that says nothing of the next one.
 *
 * <p>Once the turn is over it knows the session no more: threads of a container may keep the last work they did until they get another
 * (WildFly's), which would hold the application's class loader after its undeployment.
 */
final class EndpointBurst extends WorkAdapter implements Work {

    private volatile EndpointSession session;
    private volatile boolean released;

    EndpointBurst(EndpointSession session) {
        this.session = session;
    }

    @Override
    public void run() {
        EndpointSession turn = session;
        session = null;
        if (turn != null) {
            turn.run(this);
        }
    }

    /** The container wants its thread back: after the message at hand. The session goes on when it gets another one. Any thread. */
    @Override
    public void release() {
        released = true;
    }

    boolean isReleased() {
        return released;
    }

    @Override
    public void workRejected(WorkEvent event) {
        notBegun(event.getException());
    }

    /** Some servers report here that they could not even begin it. */
    @Override
    public void workCompleted(WorkEvent event) {
        if (event.getException() != null) {
            notBegun(event.getException());
        }
    }

    /** The container will not run it. */
    void notBegun(Exception reason) {
        EndpointSession turn = session;
        session = null;
        if (turn != null) {
            turn.rejected(reason);
        }
    }
}
