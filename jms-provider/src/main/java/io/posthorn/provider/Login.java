package io.posthorn.provider;

/**
 * Who connects.
 *
 * @param user     null for the default identity
 * @param password null when there is no user
 * @param clientId JMS client identifier to claim at once, or null
 */
public record Login(String user, String password, String clientId) {

    /** Without the password. */
    @Override
    public String toString() {
        return "Login[" + user + ", " + clientId + "]";
    }
}
