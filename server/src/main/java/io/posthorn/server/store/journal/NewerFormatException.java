package io.posthorn.server.store.journal;

import io.posthorn.server.store.StoreException;

/** A file is of a format that a newer release has written. Nothing of it is touched. */
final class NewerFormatException extends StoreException {

    private static final long serialVersionUID = 1L;

    NewerFormatException(int version) {
        super("journal format " + version + ", this release reads " + JournalFormat.VERSION
                + ": start the release that wrote it");
    }
}
