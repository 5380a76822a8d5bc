package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of one destination: the broker's defaults, overridden by what was set for it. The names are those of the components.
 *
 * @param maxMessages messages it may have, 0 = no limit; a topic's count once, and only those kept for durable subscriptions
 * @param maxBytes bytes of these messages, 0 = no limit
 * @param whenFull what a send meets at one of these limits
 * @param blockTimeoutMs how long a send waits for room with BLOCK, here and of {@code slowConsumerPolicy}; 1 to 20,000
 * @param slowConsumerPolicy what happens to a non-durable subscription at the next two limits
 * @param slowConsumerMaxMessages messages in memory that wait for such a subscription, at least 1
 * @param slowConsumerMaxBytes bytes of these and of its deliveries, 0 = no limit
 * @param maxDeliveries how often a message is handed over before it becomes a dead letter, 0 = without end
 * @param redeliveryDelayMs how long a message that comes back after having been handed over waits, 0 = not at all
 * @param backoffMultiplier factor by which each delay is longer than the one before, 1 to 100
 * @param maxRedeliveryDelayMs longest delay
 * @param deadLetterDestination name of the queue for dead letters; empty = {@code DLQ.<kind>.<name>[.<subscription>]}
 */
public record DestinationSettings(
        long maxMessages,
        long maxBytes,
        WhenFull whenFull,
        long blockTimeoutMs,
        SlowConsumerPolicy slowConsumerPolicy,
        int slowConsumerMaxMessages,
        long slowConsumerMaxBytes,
        int maxDeliveries,
        long redeliveryDelayMs,
        double backoffMultiplier,
        long maxRedeliveryDelayMs,
        String deadLetterDestination) {

    /** A client waits 30 s for an answer; a send may have waited behind another one before. */
    public static final long BLOCK_TIMEOUT_MAX_MS = 20_000;

    private static final long DELAY_MAX_MS = 365L * 24 * 3600 * 1000;
    private static final double MULTIPLIER_MAX = 100;

    /** The documented defaults. */
    public static final DestinationSettings DEFAULT = new DestinationSettings(
            0, 0, WhenFull.REJECT, 10_000, SlowConsumerPolicy.DROP_OLDEST, 100_000, 0, 10, 0, 1, 24L * 3600 * 1000, "");

    /** @throws IllegalArgumentException if a value is out of its range; the text names it */
    public DestinationSettings {
        range("maxMessages", maxMessages, 0, Long.MAX_VALUE);
        range("maxBytes", maxBytes, 0, Long.MAX_VALUE);
        Objects.requireNonNull(whenFull, "whenFull");
        range("blockTimeoutMs", blockTimeoutMs, 1, BLOCK_TIMEOUT_MAX_MS);
        Objects.requireNonNull(slowConsumerPolicy, "slowConsumerPolicy");
        range("slowConsumerMaxMessages", slowConsumerMaxMessages, 1, Integer.MAX_VALUE);
        range("slowConsumerMaxBytes", slowConsumerMaxBytes, 0, Long.MAX_VALUE);
        range("maxDeliveries", maxDeliveries, 0, Integer.MAX_VALUE);
        range("redeliveryDelayMs", redeliveryDelayMs, 0, DELAY_MAX_MS);
        if (!(backoffMultiplier >= 1 && backoffMultiplier <= MULTIPLIER_MAX)) {
            throw new IllegalArgumentException("backoffMultiplier is 1 to 100, not " + backoffMultiplier);
        }
        range("maxRedeliveryDelayMs", maxRedeliveryDelayMs, 0, DELAY_MAX_MS);
        if (!deadLetterDestination.isEmpty()) {
            DestinationName.queue(deadLetterDestination);
        }
    }

    /** All settings by name, in one order. */
    public Map<String, String> asMap() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("maxMessages", Long.toString(maxMessages));
        all.put("maxBytes", Long.toString(maxBytes));
        all.put("whenFull", text(whenFull));
        all.put("blockTimeoutMs", Long.toString(blockTimeoutMs));
        all.put("slowConsumerPolicy", text(slowConsumerPolicy));
        all.put("slowConsumerMaxMessages", Integer.toString(slowConsumerMaxMessages));
        all.put("slowConsumerMaxBytes", Long.toString(slowConsumerMaxBytes));
        all.put("maxDeliveries", Integer.toString(maxDeliveries));
        all.put("redeliveryDelayMs", Long.toString(redeliveryDelayMs));
        all.put("backoffMultiplier", Double.toString(backoffMultiplier));
        all.put("maxRedeliveryDelayMs", Long.toString(maxRedeliveryDelayMs));
        all.put("deadLetterDestination", deadLetterDestination);
        return all;
    }

    /**
     * These settings with some overridden.
     *
     * @throws IllegalArgumentException if a name is unknown or a value is not acceptable; the text names it
     */
    public DestinationSettings with(Map<String, String> overrides) {
        if (overrides.isEmpty()) {
            return this;
        }
        Map<String, String> all = asMap();
        overrides.forEach((name, value) -> {
            if (all.replace(name, value) == null) {
                throw new IllegalArgumentException("there is no setting " + name + "; known are " + all.keySet());
            }
        });
        return new DestinationSettings(
                number(all, "maxMessages"),
                number(all, "maxBytes"),
                choice(all, "whenFull", WhenFull.values()),
                number(all, "blockTimeoutMs"),
                choice(all, "slowConsumerPolicy", SlowConsumerPolicy.values()),
                (int) Math.min(Integer.MAX_VALUE, number(all, "slowConsumerMaxMessages")),
                number(all, "slowConsumerMaxBytes"),
                (int) Math.min(Integer.MAX_VALUE, number(all, "maxDeliveries")),
                number(all, "redeliveryDelayMs"),
                multiplier(all),
                number(all, "maxRedeliveryDelayMs"),
                all.get("deadLetterDestination"));
    }

    /**
     * As {@link #with}, for what the journal holds: a setting that this release does not know, or does not take, keeps its default, for a
     * broker that does not start helps nobody.
     */
    DestinationSettings withKnown(Map<String, String> overrides) {
        DestinationSettings settings = this;
        for (Map.Entry<String, String> each : overrides.entrySet()) {
            try {
                settings = settings.with(Map.of(each.getKey(), each.getValue()));
            } catch (IllegalArgumentException unknown) {
                continue;
            }
        }
        return settings;
    }

    /** Whether there is a limit on what the destination has. */
    boolean isLimited() {
        return maxMessages > 0 || maxBytes > 0;
    }

    /** How long a message waits for its next try after having been handed over so often; pure. */
    long redeliveryDelayMs(int deliveries) {
        double delay = redeliveryDelayMs * Math.pow(backoffMultiplier, Math.max(0, deliveries - 1));
        return (long) Math.min(delay, Math.max(redeliveryDelayMs, maxRedeliveryDelayMs));
    }

    /** As users write it: {@code dropOldest}. */
    private static String text(Enum<?> value) {
        StringBuilder text = new StringBuilder();
        for (String word : value.name().split("_")) {
            String lower = word.toLowerCase(java.util.Locale.ROOT);
            text.append(text.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
        }
        return text.toString();
    }

    private static <E extends Enum<E>> E choice(Map<String, String> all, String name, E[] values) {
        for (E value : values) {
            if (text(value).equals(all.get(name))) {
                return value;
            }
        }
        throw new IllegalArgumentException(name + " is one of "
                + Arrays.stream(values).map(DestinationSettings::text).toList() + ", not " + all.get(name));
    }

    private static long number(Map<String, String> all, String name) {
        try {
            return Long.parseLong(all.get(name));
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(name + " is a number, not \"" + all.get(name) + "\"", noNumber);
        }
    }

    private static double multiplier(Map<String, String> all) {
        try {
            return Double.parseDouble(all.get("backoffMultiplier"));
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(
                    "backoffMultiplier is a number, not \"" + all.get("backoffMultiplier") + "\"", noNumber);
        }
    }

    private static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is "
                    + (max == Long.MAX_VALUE ? "at least " + min : min + " to " + max) + ", not " + value);
        }
    }
}
