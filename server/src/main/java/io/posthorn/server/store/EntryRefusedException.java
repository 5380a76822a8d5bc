package io.posthorn.server.store;

/** An entry that bears a message was not taken. Nothing was appended, and the store goes on. */
public abstract class EntryRefusedException extends StoreException {

    private static final long serialVersionUID = 1L;

    protected EntryRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
