package io.posthorn.ra.inbound;

import jakarta.resource.spi.work.Work;

/**
 * One turn of a session on a thread of the container. Each turn is a work of its own, because some containers (WildFly) call
 * {@link #release} after every turn, maybe when the session's next one has begun already: that says nothing of the next one.
 */
final class EndpointBurst implements Work {

    private final EndpointSession session;
    private volatile boolean released;

    EndpointBurst(EndpointSession session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.run(this);
    }

    /** The container wants its thread back: after the message at hand. The session goes on when it gets another one. Any thread. */
    @Override
    public void release() {
        released = true;
    }

    boolean isReleased() {
        return released;
    }
}
