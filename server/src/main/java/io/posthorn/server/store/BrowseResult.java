package io.posthorn.server.store;

import io.posthorn.message.EncodedMessage;
import java.util.List;

/**
 * What a {@link BrowseRequest} found.
 *
 * @param known    whether there is such a queue
 * @param messages in order
 * @param priority where the next page begins; -1 when there is none
 * @param offset   likewise
 */
public record BrowseResult(boolean known, List<Seen> messages, int priority, long offset) {

    /** A message. @param count how often it was handed to an application */
    public record Seen(long lane, long offset, int count, EncodedMessage message) {}
}
