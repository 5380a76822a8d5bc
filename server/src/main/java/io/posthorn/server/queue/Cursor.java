package io.posthorn.server.queue;

import java.util.TreeSet;

/** How far one selector group has looked in one level. Everything below is taken, settled, or does not match. */
final class Cursor {

    /** Next offset to look at. */
    long offset;
    /** An offset at the cursor that is known to match; -1 = none. Saves a second evaluation. */
    long matched = -1;
    /** Next number of a message of memory to look at. */
    long volatileId;
    /** Offsets below the cursor that came back; null until there was one. With selectors only. */
    TreeSet<Long> returned;
    /** Numbers below {@link #volatileId} that came back; null until there was one. With selectors only. */
    TreeSet<Long> returnedVolatile;

    void cameBack(long at) {
        if (returned == null) {
            returned = new TreeSet<>();
        }
        returned.add(at);
    }

    void volatileCameBack(long id) {
        if (returnedVolatile == null) {
            returnedVolatile = new TreeSet<>();
        }
        returnedVolatile.add(id);
    }
}
