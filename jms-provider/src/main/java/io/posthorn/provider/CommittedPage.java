package io.posthorn.provider;

import java.util.List;

/**
 * A part of a queue as a Slave has it, see {@link Provider#browseCommitted}.
 *
 * @param messages in order; their delivery ids mean nothing
 * @param end      whether there are no more
 * @param priority where the next page begins
 * @param offset   likewise
 */
public record CommittedPage(List<Delivered> messages, boolean end, int priority, long offset) {

    /** Before the first one. */
    public static final CommittedPage NONE = new CommittedPage(List.of(), false, 9, 0);
}
