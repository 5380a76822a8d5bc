/** What operators do with a store besides running it: verify, count, back up, restore. */
package io.posthorn.server.store.tools;
