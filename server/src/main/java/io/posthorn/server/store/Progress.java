package io.posthorn.server.store;

/** Told how far a tool has come, often; on the tool's thread. */
@FunctionalInterface
public interface Progress {

    /**
     * @param what  what is being worked on
     * @param done  bytes or rows so far
     * @param total how many there are, as far as that is known
     */
    void at(String what, long done, long total);
}
