package io.posthorn.protocol;

/**
 * The versions of something that one side speaks. Two sides agree on the highest that both do.
 *
 * @param min lowest version
 * @param max highest version; a range whose max lies below its min is empty
 */
public record VersionRange(int min, int max) {

    /** {@link #common} of two ranges that have none. */
    public static final int NONE = 0;

    /** The versions of the verbs of clients that this release speaks, negotiated in CONNECT. */
    public static final VersionRange OF_CLIENTS = new VersionRange(1, 1);

    /** The versions of the verbs of replication that this release speaks, negotiated in REPLICA_HELLO. */
    public static final VersionRange OF_REPLICATION = new VersionRange(1, 1);

    /** The highest version that both speak, or {@link #NONE}. */
    public int common(VersionRange other) {
        int highest = Math.min(max, other.max);
        return highest >= Math.max(min, other.min) ? highest : NONE;
    }

    /** Whether a version lies in it. */
    public boolean contains(int version) {
        return version >= min && version <= max;
    }

    /** {@code 1 to 3}, or {@code 1}. */
    @Override
    public String toString() {
        return min == max ? String.valueOf(min) : min + " to " + max;
    }
}
