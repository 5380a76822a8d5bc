package io.posthorn.appserver.heap;

/**
 * A reference of an application server's own that outlives what it leads to.
 *
 * @param field the field, with its class
 * @param exceptThreads threads whose names begin with this are not the server's, so this field of theirs counts; null for a field of other objects
 */
public record KnownHolder(String field, String exceptThreads) {

    /** A field of any object. */
    public static KnownHolder field(String field) {
        return new KnownHolder(field, null);
    }

    /** A field of the server's threads; ours have names of their own. */
    public static KnownHolder threads(String field) {
        return new KnownHolder(field, "posthorn");
    }

    /** @param thread name of the thread that has the field, null if another object has it */
    boolean is(String thread, String of) {
        return of.equals(field) && (exceptThreads == null || thread != null && !thread.startsWith(exceptThreads));
    }
}
