package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.List;

/** Whether a destination takes one more message; decided when it is sent, also in a transaction. Stateless. */
final class Limits {

    private Limits() {}

    /**
     * Looks at the limits of the destination and at its non-durable subscriptions.
     *
     * @param kept    whether a durable subscription, or the queue, gets the message
     * @param copies  subscriptions that get it in memory
     * @param mayWait whether the sender can wait for room
     * @return null when there is room; MUST_WAIT when it is worth waiting, RESOURCE_EXHAUSTED otherwise
     */
    static Refusal check(
            DestinationState destination,
            EncodedMessage message,
            boolean kept,
            List<SubscriptionState> copies,
            boolean mayWait) {
        DestinationSettings settings = destination.settings();
        if (kept && settings.isLimited()) {
            String full = full(destination, message.size());
            if (full != null) {
                boolean wait = settings.whenFull() == WhenFull.BLOCK && !isTooLarge(settings, message.size());
                return refusal(full, wait, mayWait, settings);
            }
        }
        if (settings.slowConsumerPolicy() == SlowConsumerPolicy.BLOCK && !destination.isQueue()) {
            for (int i = 0; i < copies.size(); i++) {
                String slow = copies.get(i).tooSlow(message.size());
                if (slow != null) {
                    return refusal(slow, true, mayWait, settings);
                }
            }
        }
        return null;
    }

    /** Whether a queue that does not exist yet would take a message at all; null when it would. */
    static Refusal checkNew(DestinationSettings defaults, EncodedMessage message) {
        return isTooLarge(defaults, message.size())
                        && message.destination().kind().isQueue()
                ? new Refusal(
                        RefusalKind.RESOURCE_EXHAUSTED,
                        "maxBytes=" + defaults.maxBytes() + " of " + message.destination() + " is less than the "
                                + message.size() + " bytes of a message")
                : null;
    }

    private static Refusal refusal(String full, boolean wait, boolean mayWait, DestinationSettings settings) {
        if (!wait) {
            return new Refusal(RefusalKind.RESOURCE_EXHAUSTED, full);
        }
        return mayWait
                ? new Refusal(RefusalKind.MUST_WAIT, full)
                : new Refusal(
                        RefusalKind.RESOURCE_EXHAUSTED,
                        full + ", and there was no room within blockTimeoutMs=" + settings.blockTimeoutMs());
    }

    private static boolean isTooLarge(DestinationSettings settings, int size) {
        return settings.maxBytes() > 0 && size > settings.maxBytes();
    }

    private static String full(DestinationState destination, int size) {
        DestinationSettings settings = destination.settings();
        if (settings.maxMessages() > 0 && destination.messages() >= settings.maxMessages()) {
            return "maxMessages=" + settings.maxMessages() + " of " + destination.name + " is reached";
        }
        long bytes = settings.maxBytes() > 0 ? destination.bytes() : 0;
        if (settings.maxBytes() > 0 && bytes + size > settings.maxBytes()) {
            return "maxBytes=" + settings.maxBytes() + " of " + destination.name + " is reached: it has " + bytes
                    + ", and a message of " + size + " bytes came";
        }
        return null;
    }
}
