package io.posthorn.server.security;

/** ANONYMOUS (RFC 4505): admits at once; what the client says about itself is ignored. */
final class AnonymousExchange implements Authenticator.Exchange {

    static final String MECHANISM = "ANONYMOUS";

    private boolean done;

    @Override
    public byte[] step(byte[] clientMessage) {
        done = true;
        return new byte[0];
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public String user() {
        return "";
    }
}
