package io.posthorn.appserver.heap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Finds who holds the class loaders that should be gone: one walk over all strong references from the roots, without those that are known
 * to be a server's own. One thread.
 */
public final class Holders {

    /** Of paths, which a leak makes a few steps long. */
    private static final int STEPS_MAX = 40;

    private static final String REFERENT = "java.lang.ref.Reference.referent";
    private static final String DISCOVERED = "java.lang.ref.Reference.discovered";
    /** What waits to be finalized is as good as gone. */
    private static final Set<String> NOT_STRONG = Set.of(
            "java.lang.ref.WeakReference",
            "java.lang.ref.SoftReference",
            "java.lang.ref.PhantomReference",
            "java.lang.ref.FinalReference");

    private static final int UNSEEN = -1;
    private static final int ROOT = -2;

    private final HeapDump dump;
    private final List<KnownHolder> known;
    private final int[] from;
    private final Deque<Integer> next = new ArrayDeque<>();

    /** @param known references that are not followed */
    public Holders(HeapDump dump, List<KnownHolder> known) {
        this.dump = dump;
        this.known = List.copyOf(known);
        this.from = new int[dump.count()];
        Arrays.fill(from, UNSEEN);
        for (long root : dump.roots()) {
            reach(root, ROOT);
        }
        while (!next.isEmpty()) {
            int number = next.remove();
            forEachStrong(number, (name, target) -> reach(target, number));
        }
    }

    private void reach(long target, int by) {
        int number = dump.number(target);
        if (number >= 0 && from[number] == UNSEEN) {
            from[number] = by;
            next.add(number);
        }
    }

    private void forEachStrong(int number, BiConsumer<String, Long> taker) {
        boolean weak = isOneOf(number, NOT_STRONG);
        String thread = isOneOf(number, Set.of("java.lang.Thread")) ? threadName(number) : null;
        dump.forEachReference(number, (name, target) -> {
            if (!(weak && (name.equals(REFERENT) || name.equals(DISCOVERED))) && !isKnown(thread, name)) {
                taker.accept(name, target);
            }
        });
    }

    private boolean isKnown(String thread, String field) {
        return known.stream().anyMatch(holder -> holder.is(thread, field));
    }

    private boolean isOneOf(int number, Set<String> names) {
        ClassShape type = dump.asClass(dump.id(number)) == null ? dump.classOf(number) : null;
        while (type != null && !names.contains(type.name())) {
            type = dump.asClass(type.parent());
        }
        return type != null;
    }

    private String threadName(int number) {
        StringBuilder text = new StringBuilder();
        dump.forEachReference(number, (name, target) -> {
            if (name.equals("java.lang.Thread.name") && dump.number(target) >= 0) {
                text.append(dump.text(dump.number(target)));
            }
        });
        return text.toString();
    }

    /** For each class loader that has a class of this name and is still held: the way to it, the shortest first. */
    public List<String> pathsToLoadersOf(String className) {
        List<List<String>> paths = new ArrayList<>();
        for (ClassShape type : dump.classes()) {
            int loader = dump.number(type.loader());
            if (type.name().equals(className) && loader >= 0 && from[loader] != UNSEEN) {
                paths.add(path(loader));
            }
        }
        return paths.stream()
                .sorted(Comparator.comparingInt(List::size))
                .map(steps -> String.join("\n    ", steps))
                .toList();
    }

    /** From the loader to the root. */
    private List<String> path(int loader) {
        List<String> steps = new ArrayList<>();
        int at = loader;
        while (at >= 0 && steps.size() < STEPS_MAX) {
            int by = from[at];
            steps.add(describe(at) + (by == ROOT ? ", a root" : " <- " + referenceName(by, dump.id(at))));
            at = by;
        }
        return steps;
    }

    private String describe(int number) {
        ClassShape own = dump.asClass(dump.id(number));
        if (own != null) {
            return "class " + own.name();
        }
        ClassShape type = dump.classOf(number);
        String name = type == null ? "array" : type.name();
        return isOneOf(number, Set.of("java.lang.Thread")) ? name + " \"" + threadName(number) + "\"" : name;
    }

    private String referenceName(int holder, long target) {
        List<String> names = new ArrayList<>();
        forEachStrong(holder, (name, other) -> {
            if (other == target) {
                names.add(name);
            }
        });
        return names.get(0);
    }
}
