/**
 * One record with its codec per request and response of the JMS extension (codes 7000–7999), version 1.
 *
 * <p>Every record has {@code void encode(ByteBuf out)} and {@code static X decode(ByteBuf in)}. A decoder checks every
 * length before it allocates, ignores trailing bytes (later minor versions append fields), and throws {@link
 * io.posthorn.protocol.ProtocolException} on malformed input.
 */
package io.posthorn.protocol.api;
