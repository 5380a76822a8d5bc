package io.posthorn.jms;

import io.posthorn.message.EncodedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Of which message groups the application has got messages since a session began to work in a branch, consumer by consumer. When the work ends,
 * the broker gives no more of these groups to anybody until the branch is decided, and what lies unread in the session has to go back.
 *
 * <p>Belongs to {@link DeliveryGate}, and is guarded by its lock. As large as what the branch has consumed, which the broker limits.
 */
final class BranchGroups {

    private final Map<ConsumerBuffer, Set<String>> taken = new HashMap<>(4);

    /** A message goes to the application. Under the lock. */
    void took(ConsumerBuffer from, EncodedMessage message) {
        if (message.isGrouped()) {
            taken.computeIfAbsent(from, none -> new HashSet<>(4)).add(message.groupId());
        }
    }

    boolean isEmpty() {
        return taken.isEmpty();
    }

    /** The consumers whose messages belonged to groups. */
    List<ConsumerBuffer> consumers() {
        return new ArrayList<>(taken.keySet());
    }

    /** Whether a message that this consumer has unread belongs to one of the groups. */
    boolean concerns(ConsumerBuffer consumer, EncodedMessage unread) {
        Set<String> groups = unread.isGrouped() ? taken.get(consumer) : null;
        return groups != null && groups.contains(unread.groupId());
    }
}
