package io.posthorn.provider.remote;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;

/** ANONYMOUS (RFC 4505): the default identity, no trace, no challenge. */
final class AnonymousMechanism implements Mechanism {

    @Override
    public String name() {
        return "ANONYMOUS";
    }

    @Override
    public byte[] initialResponse() {
        return new byte[0];
    }

    @Override
    public byte[] answer(byte[] challenge) {
        throw new ProviderException(Kind.SECURITY, "the broker asks for a proof; user and password are needed");
    }

    @Override
    public void verify(byte[] finalMessage) {
        // Nothing was proved, and nothing was promised.
    }
}
