package io.posthorn.ra.inbound;

/**
 * Where to connect, and as whom.
 *
 * @param url as of PosthornConnectionFactory; not null
 * @param user null for the one in the URL, or else the broker's default user
 * @param password null without a user
 */
public record ConnectionSettings(String url, String user, String password) {

    /** Without the password, also the one in the URL. */
    @Override
    public String toString() {
        int options = url.indexOf('?');
        return (options < 0 ? url : url.substring(0, options)) + (user == null ? "" : " as " + user);
    }
}
