package io.posthorn.message;

/**
 * Where a message lies in the journal of its broker group, the same on Master and Slaves.
 *
 * @param position physical offset of its entry
 * @param epoch    of the Master that wrote it, at least 1
 * @param size     of the whole message in bytes
 */
public record MessagePlace(long position, long epoch, int size) {}
