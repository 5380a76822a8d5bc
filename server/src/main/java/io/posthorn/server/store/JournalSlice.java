package io.posthorn.server.store;

/**
 * A piece of a journal as it lies in one segment. It may begin and end within an entry.
 *
 * @param base        position of the segment's first entry
 * @param previousEnd end of the segment before it
 * @param from        position of the first byte
 * @param bytes       not empty
 */
public record JournalSlice(long base, long previousEnd, long from, byte[] bytes) {}
