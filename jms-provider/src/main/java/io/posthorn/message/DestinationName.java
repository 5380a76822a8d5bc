package io.posthorn.message;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The provider's name of a destination. Immutable.
 *
 * @param kind queue or topic, permanent or temporary; not null
 * @param name any Unicode text of 1 to {@value #NAME_MAX_BYTES} bytes in UTF-8; not null
 */
public record DestinationName(DestinationKind kind, String name) {

    /** Longest name, in bytes of UTF-8. */
    public static final int NAME_MAX_BYTES = 255;

    /** @throws IllegalArgumentException if the name is empty or too long; the text says which */
    public DestinationName {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a destination name must not be empty");
        }
        if (name.length() > NAME_MAX_BYTES || name.getBytes(StandardCharsets.UTF_8).length > NAME_MAX_BYTES) {
            throw new IllegalArgumentException("a destination name has at most " + NAME_MAX_BYTES + " bytes in UTF-8: "
                    + name.substring(0, Math.min(40, name.length())) + "…");
        }
        if (Utf8.unpairedSurrogates(name) > 0) {
            throw new IllegalArgumentException("a destination name must not contain half a surrogate pair: " + name);
        }
    }

    public static DestinationName queue(String name) {
        return new DestinationName(DestinationKind.QUEUE, name);
    }

    public static DestinationName topic(String name) {
        return new DestinationName(DestinationKind.TOPIC, name);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + "://" + name;
    }
}
