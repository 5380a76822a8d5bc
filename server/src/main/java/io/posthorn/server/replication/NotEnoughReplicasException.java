package io.posthorn.server.replication;

import io.posthorn.server.store.EntryRefusedException;

/** Fewer copies than {@code minInSyncReplicas} are there; nothing was appended. */
public final class NotEnoughReplicasException extends EntryRefusedException {

    private static final long serialVersionUID = 1L;

    NotEnoughReplicasException(String message) {
        super(message, null);
    }
}
