package io.posthorn.server.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which broker groups hold a new destination: a pure function of its settings {@code queues} and {@code brokerGroups}, and of the groups that there
 * are. Each group has one of its MessageQueues. The emptiest groups are taken first; one, unless more are asked for.
 */
final class GroupChoice {

    private static final String QUEUES = "queues";
    private static final String GROUPS = "brokerGroups";

    private GroupChoice() {}

    /** Whether a setting is one that decides where a destination lies. */
    static boolean isSetting(String name) {
        return name.equals(QUEUES) || name.equals(GROUPS);
    }

    /** The other settings. */
    static Map<String, String> others(Map<String, String> settings) {
        Map<String, String> others = new LinkedHashMap<>(settings);
        others.keySet().removeIf(GroupChoice::isSetting);
        return others;
    }

    /**
     * Chooses.
     *
     * @param candidates groups that may take something new, the emptiest first
     * @throws IllegalArgumentException when that cannot be done; the text says why
     */
    static List<String> of(Map<String, String> settings, List<String> candidates) {
        List<String> from = settings.containsKey(GROUPS) ? named(settings.get(GROUPS), candidates) : candidates;
        if (from.isEmpty()) {
            throw new IllegalArgumentException("there is no broker group that can take a new destination");
        }
        int queues = settings.containsKey(QUEUES)
                ? number(settings.get(QUEUES))
                : settings.containsKey(GROUPS) ? from.size() : 1;
        if (queues > from.size()) {
            throw new IllegalArgumentException(
                    "queues=" + queues + " is more than the broker groups that can take one each: " + from);
        }
        return List.copyOf(from.subList(0, queues));
    }

    private static List<String> named(String text, List<String> candidates) {
        List<String> groups = new ArrayList<>();
        for (String name : Arrays.stream(text.split(",")).map(String::strip).toList()) {
            if (!candidates.contains(name)) {
                throw new IllegalArgumentException("brokerGroups names \"" + name
                        + "\", but the broker groups that can take a new destination are " + candidates);
            }
            if (!groups.contains(name)) {
                groups.add(name);
            }
        }
        return groups;
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 255) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Reported below.
        }
        throw new IllegalArgumentException("queues is 1 to 255, not \"" + text + "\"");
    }
}
