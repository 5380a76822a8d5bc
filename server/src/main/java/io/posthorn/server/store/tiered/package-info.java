/** The store as the broker sees it: the journal on top, LMDB below, the directory's lock, the checkpointer and the reader threads. */
package io.posthorn.server.store.tiered;
