package io.posthorn.server.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one subscription with one JMSXGroupID, as far as something is known about them: who has unsettled ones, and which
 * were passed by because of that. Belongs to its {@link GroupTable}.
 *
 * <p>Life: FREE (nobody has unsettled messages of it; whoever asks takes the next) → HELD (its owner has all unsettled ones, and alone gets
 * more) → FREE; BLOCKED in between when somebody else still has unsettled ones, the owner is closed, or a message waits for its next
 * try, or for the decision on the branch that has consumed it: then nobody gets any.
 */
final class MessageGroup {

    enum State {
        FREE,
        HELD,
        BLOCKED
    }

    final String id;
    /** Who has, or had last, its messages; null when nobody is preferred. */
    ConsumerState owner;
    /** Unsettled deliveries of it. */
    int inHand;
    /** Those of them that the owner has. */
    int ownersHand;
    /** Messages of it that are with nobody and wait: for their next try, or for the decision on a branch. */
    int deferred;
    /** The last one delivered ended the group: its owner is not preferred any longer. */
    boolean ended;
    /** Per selector group and priority: messages that were passed by. */
    final List<GroupLine> lines = new ArrayList<>(1);

    MessageGroup(String id) {
        this.id = id;
    }

    State state() {
        if (deferred > 0 || inHand != ownersHand) {
            return State.BLOCKED;
        }
        if (inHand == 0) {
            return State.FREE;
        }
        return owner.closed ? State.BLOCKED : State.HELD;
    }

    /** The line of a selector group in a priority, or null. */
    GroupLine line(SelectorGroup selector, Level level) {
        for (int i = 0; i < lines.size(); i++) {
            GroupLine line = lines.get(i);
            if (line.selector == selector && line.level == level) {
                return line;
            }
        }
        return null;
    }
}
