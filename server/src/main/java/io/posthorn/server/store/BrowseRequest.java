package io.posthorn.server.store;

import io.posthorn.message.DestinationName;

/**
 * A page of what is ready in a queue, highest priority first, as the tables have it.
 *
 * @param queue       its name
 * @param priority    9 to 0: from where on, together with the offset
 * @param offset      first offset of that priority's lane that is wanted
 * @param messagesMax most messages of the page
 * @param bytesMax    when they have so many bytes, no more are added
 * @param nowMs       what has expired by then is left out, as is what waits for a later redelivery
 */
public record BrowseRequest(
        DestinationName queue, int priority, long offset, int messagesMax, int bytesMax, long nowMs) {}
