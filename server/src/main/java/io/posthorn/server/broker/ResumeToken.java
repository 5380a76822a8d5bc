package io.posthorn.server.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * Ties a resume token to the user it was given to: the heart knows a client by a hash of both, so that a token that somebody has seen on the
 * network is of no use to another user. Stateless.
 */
final class ResumeToken {

    private ResumeToken() {}

    /**
     * What the heart is told.
     *
     * @param token as it is on the wire, 0 for none
     * @param user  who is logged in; empty for a stranger
     * @return 0 for none, else never 0
     */
    static long of(long token, String user) {
        if (token == 0) {
            return 0;
        }
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(ByteBuffer.allocate(Long.BYTES).putLong(0, token));
            return ByteBuffer.wrap(hash.digest(user.getBytes(StandardCharsets.UTF_8)))
                            .getLong()
                    | 1;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
