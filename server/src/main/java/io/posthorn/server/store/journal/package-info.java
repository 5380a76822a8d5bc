/** The write-ahead log: preallocated segment files, group commit on a flusher thread, and recovery of the tail. */
package io.posthorn.server.store.journal;
