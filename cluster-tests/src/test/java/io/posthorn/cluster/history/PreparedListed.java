package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.BranchEnded;
import io.posthorn.cluster.history.Event.BranchEnding;
import io.posthorn.cluster.history.Event.BranchPrepared;
import io.posthorn.cluster.history.Event.BranchesListed;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** I6: a prepared branch is listed by recover until settled, and not any more then. */
final class PreparedListed implements Invariant {

    @Override
    public String name() {
        return "I6";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        Set<String> prepared = new HashSet<>();
        Set<String> settled = new HashSet<>();
        for (int i = 0; i < facts.events().size(); i++) {
            Event event = facts.events().get(i);
            if (event instanceof BranchPrepared branch && !facts.mayBeLost(i)) {
                prepared.add(branch.branch());
            } else if (event instanceof BranchEnding branch) {
                prepared.remove(branch.branch());
            } else if (event instanceof BranchEnded branch && !facts.mayBeLost(i)) {
                settled.add(branch.branch());
            } else if (event instanceof BranchesListed listed) {
                checkList(i, listed.branches(), prepared, settled, violation);
            }
        }
    }

    private static void checkList(
            int index, Set<String> listed, Set<String> prepared, Set<String> settled, Consumer<String> violation) {
        for (String branch : prepared) {
            if (!listed.contains(branch)) {
                violation.accept(branch + " is prepared, but was not listed at " + index);
            }
        }
        for (String branch : settled) {
            if (listed.contains(branch)) {
                violation.accept(branch + " is settled, but was listed at " + index);
            }
        }
    }
}
