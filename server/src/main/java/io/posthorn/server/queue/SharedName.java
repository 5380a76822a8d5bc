package io.posthorn.server.queue;

import java.util.HashSet;
import java.util.Set;

/** Directory: what the name of a shared subscription that is not durable stands for, while somebody holds it. Volatile. */
final class SharedName {

    /** A consumer. */
    record Holder(ClientState client, int consumer) {}

    final SubscriptionTerms terms;
    final Set<Holder> holders = new HashSet<>();

    SharedName(SubscriptionTerms terms) {
        this.terms = terms;
    }
}
