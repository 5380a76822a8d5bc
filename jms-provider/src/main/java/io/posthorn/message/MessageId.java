package io.posthorn.message;

import java.util.HexFormat;

/**
 * The identity a producer gives a message at each send: unique because producer ids are random 64-bit numbers and a
 * producer never uses a sequence twice. Its text is what JMSMessageID shows (Jakarta Messaging 3.1, 3.4.3).
 */
public record MessageId(long producerId, long sequence) {

    private static final String PREFIX = "ID:";

    /** {@code ID:} + 16 hex digits + {@code -} + the sequence in decimal. */
    @Override
    public String toString() {
        return PREFIX + HexFormat.of().toHexDigits(producerId) + "-" + sequence;
    }

    /** The id with this text, or null when it is not the text of one of ours. */
    public static MessageId parse(String text) {
        if (text == null || text.length() < 21 || !text.startsWith(PREFIX) || text.charAt(19) != '-') {
            return null;
        }
        try {
            MessageId id = new MessageId(
                    HexFormat.fromHexDigitsToLong(text, 3, 19), Long.parseLong(text, 20, text.length(), 10));
            return id.toString().equals(text) ? id : null;
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }
}
