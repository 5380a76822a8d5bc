package io.posthorn.protocol;

import java.util.Map;

/**
 * What both header forms carry.
 *
 * @param remark null when absent
 * @param ext not null
 */
record FrameHeader(int code, int language, int version, int opaque, int flag, String remark, Map<String, String> ext) {

    /**
     * Longest header. The longest legal one is a JSON header with 32 KiB of message properties, whose control characters
     * JSON writes in six bytes each.
     */
    static final int HEADER_MAX_BYTES = 256 * 1024;

    /** Most entries of the string map. */
    static final int EXT_ENTRIES_MAX = 1024;
}
