package io.posthorn.provider.remote;

import io.posthorn.provider.ProviderException;

/** One run of a SASL mechanism, client side (RFC 4422). One login, one thread. */
interface Mechanism {

    /** Its registered name. */
    String name();

    /** The first message; empty when the broker speaks first. */
    byte[] initialResponse();

    /**
     * The answer to a challenge.
     *
     * @throws ProviderException of kind SECURITY if the challenge cannot be right
     */
    byte[] answer(byte[] challenge);

    /**
     * Checks what the broker said together with its consent.
     *
     * @throws ProviderException of kind SECURITY if the broker has not proved what it has to prove
     */
    void verify(byte[] finalMessage);
}
