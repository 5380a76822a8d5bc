/**
 * The wire-neutral message: header fields, typed properties, body bytes, ids and destination names.
 *
 * <p>A message is encoded once, by the client that sends it. The same bytes travel in frames, lie in the journal and in
 * the store, and reach the consumer; see {@link io.posthorn.message.EncodedMessage} for the layout.
 */
package io.posthorn.message;
