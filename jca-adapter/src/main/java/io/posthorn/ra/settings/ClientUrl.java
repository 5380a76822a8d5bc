package io.posthorn.ra.settings;

import io.posthorn.jms.PosthornConnectionFactory;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The URL that comes of settings and of those they inherit from: whom to connect to, how, and as whom. Immutable; equal when connections made
 * with them can stand for each other.
 *
 * <p>A property beats an option in the URL beside it. What neither says is inherited: the URL with its options, when there is no own URL, and the
 * properties. User and password are inherited together or not at all.
 *
 * @param url with all options that are set, except user and password
 * @param user null for the broker's default user
 * @param password null when there is none
 */
public record ClientUrl(String url, String user, String password) {

    private static final String USER = "user";
    private static final String PASSWORD = "password";

    /**
     * Puts the URL together, without looking at what it says.
     *
     * @param own not null
     * @param inherited null when there is nobody to inherit from
     */
    public static ClientUrl of(ClientSettings own, ClientSettings inherited) {
        String ownUrl = own.getConnectionUrl();
        Map<String, String> mine = new LinkedHashMap<>();
        if (ownUrl != null) {
            mine.putAll(optionsOf(ownUrl));
        }
        mine.putAll(own.options());
        Map<String, String> all = new LinkedHashMap<>();
        String base = ownUrl;
        if (inherited != null) {
            if (ownUrl == null && inherited.getConnectionUrl() != null) {
                base = inherited.getConnectionUrl();
                all.putAll(optionsOf(base));
            }
            all.putAll(inherited.options());
        }
        if (mine.containsKey(USER)) {
            all.remove(PASSWORD);
        }
        all.putAll(mine);
        String user = all.remove(USER);
        String password = all.remove(PASSWORD);
        return new ClientUrl(format(base == null ? PosthornConnectionFactory.DEFAULT_URL : base, all), user, password);
    }

    /**
     * Looks at each property by itself.
     *
     * @throws IllegalArgumentException if one is illegal; the text begins with its name
     */
    public static void check(ClientSettings settings) {
        if (settings.getConnectionUrl() != null) {
            check(ClientSettings.CONNECTION_URL, settings.getConnectionUrl());
        }
        settings.options()
                .forEach((name, value) ->
                        check(name, format(PosthornConnectionFactory.DEFAULT_URL, Map.of(name, value))));
    }

    private static void check(String property, String url) {
        try {
            new PosthornConnectionFactory(url);
        } catch (IllegalArgumentException illegal) {
            throw new IllegalArgumentException("property " + property + ": " + illegal.getMessage(), illegal);
        }
    }

    /** This one with another value for an option. */
    public ClientUrl with(String option, String value) {
        Map<String, String> options = optionsOf(url);
        options.put(option, value);
        return new ClientUrl(format(url, options), user, password);
    }

    /** This one with those of its options only. */
    public ClientUrl withOnly(Set<String> names) {
        Map<String, String> options = optionsOf(url);
        options.keySet().retainAll(names);
        return new ClientUrl(format(url, options), user, password);
    }

    /** Parts that are no option are left out; {@link #check} refuses them. */
    private static Map<String, String> optionsOf(String url) {
        Map<String, String> options = new LinkedHashMap<>();
        int query = url.indexOf('?');
        if (query < 0) {
            return options;
        }
        for (String part : url.substring(query + 1).split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                options.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
            }
        }
        return options;
    }

    private static String format(String url, Map<String, String> options) {
        int query = url.indexOf('?');
        StringBuilder text = new StringBuilder(query < 0 ? url : url.substring(0, query));
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(encoded(option.getKey())).append('=').append(encoded(option.getValue()));
            separator = '&';
        }
        return text.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A plus is itself; what is malformed stays so, and is refused by {@link #check}. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url + (user == null ? "" : " as " + user);
    }
}
