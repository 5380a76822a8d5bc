package io.posthorn.ra;

import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.security.PasswordCredential;
import java.util.Objects;
import javax.security.auth.Subject;

/**
 * Who a managed connection is logged in as. Two connections may stand for each other only when these are equal.
 *
 * @param user null for the broker's default user
 * @param password null when there is none
 */
record Credentials(String user, String password) {

    /**
     * The container's subject beats the request, which beats the settings (Jakarta Connectors 2.1, chapter 9).
     *
     * @param subject null when the application signs on
     */
    static Credentials resolve(
            ManagedConnectionFactory factory, Subject subject, ConnectionRequest request, Credentials settings) {
        if (subject != null) {
            for (PasswordCredential found : subject.getPrivateCredentials(PasswordCredential.class)) {
                // GlassFish has an empty name there when no user is configured.
                if (Objects.equals(found.getManagedConnectionFactory(), factory) && !isEmpty(found.getUserName())) {
                    char[] password = found.getPassword();
                    return new Credentials(found.getUserName(), password == null ? null : new String(password));
                }
            }
        }
        return request.user() != null ? new Credentials(request.user(), request.password()) : settings;
    }

    private static boolean isEmpty(String text) {
        return text == null || text.isEmpty();
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
