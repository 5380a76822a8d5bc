package io.posthorn.server.simulation;

import io.posthorn.message.DestinationName;
import io.posthorn.server.queue.ConsumerMode;
import io.posthorn.server.queue.ConsumerState;
import java.util.LinkedHashMap;

/** A consumer's own view. */
final class Mouth {

    final ConsumerState state;
    final ConsumerMode mode;
    final DestinationName from;
    final String subscription;
    /** Of the form "g = 1", or null. */
    final String selector;

    final LinkedHashMap<Long, Got> held = new LinkedHashMap<>();
    /** Highest delivery id that the application has seen. */
    long handed;

    int unansweredDrains;

    Mouth(ConsumerState state, ConsumerMode mode, DestinationName from, String subscription, String selector) {
        this.state = state;
        this.mode = mode;
        this.from = from;
        this.subscription = subscription;
        this.selector = selector;
    }

    /** Where its messages come from: a queue or a subscription, by name. */
    String place() {
        return subscription == null ? from.name() : subscription;
    }

    boolean admits(Sent sent) {
        return selector == null || selector.equals("g = " + sent.kind);
    }
}
