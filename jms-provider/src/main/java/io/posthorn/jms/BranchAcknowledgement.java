package io.posthorn.jms;

import jakarta.jms.JMSException;

/**
 * XA sessions: what reaches the application in a branch is held until the work in it ends; outside a branch each message is acknowledged
 * as in AUTO_ACKNOWLEDGE. Called with the session's turn.
 */
final class BranchAcknowledgement implements Acknowledgement {

    private final PosthornXAResource resource;
    private final HeldAcknowledgement inside;
    private final AutoAcknowledgement outside;

    /** Whether the message at hand came in a branch; listener calls only, so with the turn. */
    private boolean heldInListener;

    BranchAcknowledgement(PosthornXAResource resource, HeldAcknowledgement inside, AutoAcknowledgement outside) {
        this.resource = resource;
        this.inside = inside;
        this.outside = outside;
    }

    @Override
    public void received(ConsumerBuffer from, long deliveryId) {
        if (resource.current() != null) {
            inside.received(from, deliveryId);
        } else {
            outside.received(from, deliveryId);
        }
    }

    @Override
    public void beforeListener(ConsumerBuffer from, long deliveryId) {
        heldInListener = resource.current() != null;
        if (heldInListener) {
            outside.endOfBurst();
            inside.beforeListener(from, deliveryId);
        } else {
            outside.beforeListener(from, deliveryId);
        }
    }

    @Override
    public void afterListener(ConsumerBuffer from, long deliveryId, boolean thrown) {
        if (!heldInListener) {
            outside.afterListener(from, deliveryId, thrown);
        }
    }

    @Override
    public void endOfBurst() {
        outside.endOfBurst();
    }

    @Override
    public void recover() throws JMSException {
        outside.recover();
    }

    @Override
    public void acknowledge() {
        // Ignored: the transaction manager decides, or the session does it by itself.
    }

    /** What is held in a branch goes to the branch, see {@link PosthornXAResource#sessionClosed}. */
    @Override
    public void end() {
        outside.end();
    }
}
