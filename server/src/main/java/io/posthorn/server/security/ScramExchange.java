package io.posthorn.server.security;

import io.posthorn.scram.ScramKeys;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The broker's side of one SCRAM-SHA-256 exchange without channel binding (RFC 5802, section 5 to 7; RFC 7677). On the event loop of the
 * connection; it costs a few hashes, never the iterations.
 *
 * <pre>
 * FIRST → FINAL → DONE      any → REFUSED
 * </pre>
 *
 * <p>Authorization identities, channel binding and mandatory extensions are refused; optional extensions are ignored. Every wrong user,
 * password or proof gives the same text.
 */
final class ScramExchange implements Authenticator.Exchange {

    /** Longest message of a client: a name of the greatest length, escaped, a nonce, and some room. */
    static final int MESSAGE_MAX_BYTES = 2_048;

    private static final int NONCE_MAX_CHARS = 256;

    private enum State {
        FIRST,
        FINAL,
        DONE,
        REFUSED
    }

    private final UserTable users;
    private final String serverNonce;
    private State state = State.FIRST;
    private String user = "";
    private boolean known;
    private ScramVerifier verifier;
    private String gs2Header;
    private String nonce;
    private String bothFirst;

    /**
     * @param users       at the beginning of the exchange; a change meanwhile does not matter to it
     * @param serverNonce random printable ASCII without commas, never used before
     */
    ScramExchange(UserTable users, String serverNonce) {
        this.users = users;
        this.serverNonce = serverNonce;
    }

    @Override
    public byte[] step(byte[] clientMessage) throws AuthenticationException {
        State before = state;
        state = State.REFUSED;
        if (before != State.FIRST && before != State.FINAL) {
            throw malformed("no message is expected");
        }
        String text = text(clientMessage);
        String answer = before == State.FIRST ? challenge(text) : signature(text);
        state = before == State.FIRST ? State.FINAL : State.DONE;
        return answer.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code n,,n=user,r=nonce[,extensions]} → {@code r=bothNonces,s=salt,i=iterations} */
    private String challenge(String clientFirst) throws AuthenticationException {
        int flagEnd = clientFirst.indexOf(',');
        int headerEnd = clientFirst.indexOf(',', flagEnd + 1);
        if (flagEnd < 0 || headerEnd < 0) {
            throw malformed("the first message has no GS2 header");
        }
        String flag = clientFirst.substring(0, flagEnd);
        if (!flag.equals("n") && !flag.equals("y")) {
            throw malformed("channel binding is not offered");
        }
        if (headerEnd != flagEnd + 1) {
            throw malformed("authorization identities are not supported");
        }
        gs2Header = clientFirst.substring(0, headerEnd + 1);
        String bare = clientFirst.substring(headerEnd + 1);
        String[] fields = bare.split(",", -1);
        if (fields.length < 2) {
            throw malformed("the first message has no nonce");
        }
        claim(unescaped(value(fields[0], 'n')));
        nonce = nonce(value(fields[1], 'r')) + serverNonce;
        String challenge = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(verifier.salt()) + ",i="
                + verifier.iterations();
        bothFirst = bare + "," + challenge;
        return challenge;
    }

    private void claim(String claimed) {
        user = claimed;
        try {
            user = UserTable.requireName(claimed);
        } catch (IllegalArgumentException noName) {
            // Nobody is called so; that is not told before the end, as with every other unknown name.
        }
        known = users.contains(user);
        verifier = users.verifier(user);
    }

    /** {@code c=header,r=bothNonces[,extensions],p=proof} → {@code v=signature} */
    private String signature(String clientFinal) throws AuthenticationException {
        int proofAt = clientFinal.lastIndexOf(",p=");
        if (proofAt < 0) {
            throw malformed("the final message has no proof");
        }
        String withoutProof = clientFinal.substring(0, proofAt);
        String[] fields = withoutProof.split(",", -1);
        String binding = Base64.getEncoder().encodeToString(gs2Header.getBytes(StandardCharsets.UTF_8));
        if (fields.length < 2 || !value(fields[0], 'c').equals(binding)) {
            throw malformed("the final message has another GS2 header than the first");
        }
        if (!value(fields[1], 'r').equals(nonce)) {
            throw malformed("the final message has another nonce than the challenge");
        }
        byte[] proof = base64(clientFinal.substring(proofAt + 3));
        String authMessage = bothFirst + "," + withoutProof;
        if (!ScramKeys.isProven(proof, verifier.storedKey(), authMessage) || !known) {
            throw new AuthenticationException("user name or password is wrong");
        }
        return "v=" + Base64.getEncoder().encodeToString(ScramKeys.signature(verifier.serverKey(), authMessage));
    }

    @Override
    public boolean done() {
        return state == State.DONE;
    }

    @Override
    public String user() {
        return user;
    }

    private static String text(byte[] message) throws AuthenticationException {
        if (message.length > MESSAGE_MAX_BYTES) {
            throw malformed(message.length + " bytes, the limit is " + MESSAGE_MAX_BYTES);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed("not UTF-8");
        }
    }

    private static String value(String field, char name) throws AuthenticationException {
        if (field.length() < 3 || field.charAt(0) != name || field.charAt(1) != '=') {
            throw malformed("no field " + name + " where it belongs");
        }
        return field.substring(2);
    }

    /** {@code =2C} is a comma, {@code =3D} an equals sign; others are forbidden (RFC 5802, section 5.1). */
    private static String unescaped(String name) throws AuthenticationException {
        String without = name.replace("=2C", "").replace("=3D", "");
        if (without.indexOf('=') >= 0) {
            throw malformed("a user name with a bare equals sign");
        }
        return name.replace("=2C", ",").replace("=3D", "=");
    }

    private static String nonce(String nonce) throws AuthenticationException {
        boolean printable = nonce.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (!printable || nonce.length() > NONCE_MAX_CHARS) {
            throw malformed("a nonce that is not 1 to " + NONCE_MAX_CHARS + " printable characters");
        }
        return nonce;
    }

    private static byte[] base64(String text) throws AuthenticationException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException noBase64) {
            throw malformed("a proof that is no Base64");
        }
    }

    private static AuthenticationException malformed(String what) {
        return new AuthenticationException("malformed SCRAM message: " + what);
    }
}
