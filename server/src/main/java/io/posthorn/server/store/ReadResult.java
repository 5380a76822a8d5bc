package io.posthorn.server.store;

import io.posthorn.message.EncodedMessage;

/**
 * What a {@link ReadRequest} found.
 *
 * @param messages same order and length as the offsets; null where nothing is stored any more, or where the stored bytes are
 *     damaged (then the store has logged and counted it). Of some there may be the head alone, if the request says that that will do. Null
 *     as a whole when the store could not be read, which says nothing about what is there; the store has logged why
 * @param receivedMs broker receipt time per message, 0 where null
 */
public record ReadResult(ReadRequest request, EncodedMessage[] messages, long[] receivedMs) {

    /** The store could not be read. */
    public static ReadResult failed(ReadRequest request) {
        return new ReadResult(request, null, null);
    }

    public boolean isFailed() {
        return messages == null;
    }
}
