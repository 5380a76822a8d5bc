package io.posthorn.server.store;

import java.nio.file.Path;

/**
 * What a journal segment's header and file say.
 *
 * @param base        position of its first entry
 * @param previousEnd position just after the last entry of the segment before, 0 = there was none
 * @param capacity    bytes for entries
 */
public record SegmentInfo(Path file, long base, long previousEnd, int capacity, long fileBytes) {}
