package io.posthorn.protocol;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * JMS destination ↔ name of the RocketMQ topic that stands for it in routes and registrations.
 * Stateless; any thread; same answer on client and broker.
 *
 * <pre>
 * topic  escaped(name)            escaped: every byte of the UTF-8 form outside [A-Za-z0-9_-] as %XX, capital hex
 * queue  %QUEUE% escaped(name)
 * longer than 127 characters      %H% + SHA-256 of the above, in hex
 * </pre>
 *
 * <p>A JMS name's own {@code %} is escaped, so {@code %QUEUE%}, {@code %H%} and RocketMQ's {@code %RETRY%} and {@code
 * %DLQ%} never meet a JMS topic's name.
 */
public final class TopicNames {

    /** Longest topic name that RocketMQ takes, in characters. */
    public static final int TOPIC_MAX_CHARS = 127;

    private static final String QUEUE_PREFIX = "%QUEUE%";
    private static final String HASH_PREFIX = "%H%";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Topics that RocketMQ's own parts register or expect. */
    private static final Set<String> SYSTEM_TOPICS = Set.of(
            "TBW102",
            "SELF_TEST_TOPIC",
            "BenchmarkTest",
            "OFFSET_MOVED_EVENT",
            "SCHEDULE_TOPIC_XXXX",
            "TRANS_CHECK_MAX_TIME_TOPIC");

    private static final String SYSTEM_PREFIX = "rmq_sys_";

    private TopicNames() {}

    /**
     * The topic of a permanent destination: legal in RocketMQ, different for every destination.
     *
     * @throws IllegalArgumentException if it is temporary (those are never registered), or a topic whose name RocketMQ
     *     keeps to itself
     */
    public static String topicOf(DestinationName destination) {
        if (destination.kind().isTemporary()) {
            throw new IllegalArgumentException("a temporary destination has no topic: " + destination);
        }
        boolean queue = destination.kind() == DestinationKind.QUEUE;
        if (!queue && isSystemTopic(destination.name())) {
            throw new IllegalArgumentException("the topic name " + destination.name() + " is reserved");
        }
        StringBuilder topic = new StringBuilder(queue ? QUEUE_PREFIX : "");
        escape(destination.name(), topic);
        return topic.length() <= TOPIC_MAX_CHARS ? topic.toString() : HASH_PREFIX + sha256(topic.toString());
    }

    /** Whether this name belongs to RocketMQ's own machinery. */
    public static boolean isSystemTopic(String topic) {
        return SYSTEM_TOPICS.contains(topic) || topic.toLowerCase(Locale.ROOT).startsWith(SYSTEM_PREFIX);
    }

    /** Whether the topic's name is a hash, so that the destination's name is only in the topic's attributes. */
    public static boolean isHashed(String topic) {
        return topic.startsWith(HASH_PREFIX);
    }

    /** The destination with this topic; null for a hashed name, and for one that {@link #topicOf} never gives. */
    public static DestinationName destinationOf(String topic) {
        boolean queue = topic.startsWith(QUEUE_PREFIX);
        byte[] utf8 = unescape(queue ? topic.substring(QUEUE_PREFIX.length()) : topic);
        if (utf8 == null || utf8.length == 0 || utf8.length > DestinationName.NAME_MAX_BYTES) {
            return null;
        }
        String name = new String(utf8, StandardCharsets.UTF_8);
        boolean valid = Arrays.equals(name.getBytes(StandardCharsets.UTF_8), utf8);
        if (!valid || !queue && isSystemTopic(name)) {
            return null;
        }
        DestinationName destination = queue ? DestinationName.queue(name) : DestinationName.topic(name);
        // Other spellings of the same bytes are somebody else's topics.
        return topicOf(destination).equals(topic) ? destination : null;
    }

    private static void escape(String name, StringBuilder into) {
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                into.append((char) b);
            } else {
                into.append('%');
                HEX.toHexDigits(into, b);
            }
        }
    }

    /** Null when a percent sign is not followed by two hex digits. */
    private static byte[] unescape(String text) {
        byte[] bytes = new byte[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                if (c > 0x7f) {
                    return null;
                }
                bytes[size++] = (byte) c;
                continue;
            }
            if (i + 2 >= text.length()
                    || !HexFormat.isHexDigit(text.charAt(i + 1))
                    || !HexFormat.isHexDigit(text.charAt(i + 2))) {
                return null;
            }
            bytes[size++] = (byte) HexFormat.fromHexDigits(text, i + 1, i + 3);
            i += 2;
        }
        return Arrays.copyOf(bytes, size);
    }

    private static boolean isPlain(byte b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '-';
    }

    private static String sha256(String ascii) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(ascii.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
