/** The deep store: LMDB tables that are a materialised view of the journal, the checkpoint that folds into them, and reads from them. */
package io.posthorn.server.store.lmdb;
