package io.posthorn.server.store;

/**
 * The format levels of a store. A store is at one level, which is the payload version of the entries that are appended to its journal and the
 * version of its tables. It is raised by an operator, and never goes back: so that releases which do not know a level can go on reading
 * what this one writes until nobody needs them any more.
 *
 * <pre>
 * 1   payload version 1
 * 2   payload version 2: an entry says when it was appended; records of types LevelRaised and Postponed
 * </pre>
 */
public final class FormatLevel {

    /** The level of the first release. */
    public static final int FIRST = 1;

    /** The newest level that this release reads and writes. */
    public static final int NEWEST = 2;

    private FormatLevel() {}

    /**
     * Refuses what is above the level that a broker may read.
     *
     * @param what what is of that level, for people
     * @throws StoreException if it is above
     */
    public static void require(int level, int levelMax, String what) {
        if (level > levelMax) {
            throw new StoreException(what + " has format level " + level + ", but this broker goes up to " + levelMax
                    + (levelMax < NEWEST
                            ? " (--format-level-max " + levelMax + "): start it without that option"
                            : ": start the release that wrote it"));
        }
    }
}
