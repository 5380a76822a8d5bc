package io.posthorn.server.store;

/**
 * There is no room on disk for an entry that bears a message. Nothing was appended, and the store goes on: entries that settle
 * messages are still taken from the reserve, and messages are again when there is room.
 */
public final class StoreFullException extends EntryRefusedException {

    private static final long serialVersionUID = 1L;

    public StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
