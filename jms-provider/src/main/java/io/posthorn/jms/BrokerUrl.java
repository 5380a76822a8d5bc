package io.posthorn.jms;

import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code posthorn://host[:port][,host[:port]…][?option=value[&option=value]…]}: the NameServers of a cluster and the options. Option values
 * are percent-encoded; an IPv6 address stands in brackets; the port defaults to {@value #DEFAULT_PORT}.
 *
 * @param servers as {@code host:port}; at least one
 * @param options name to decoded value, in the order of the text
 */
record BrokerUrl(List<String> servers, Map<String, String> options) {

    static final String SCHEME = "posthorn://";
    static final int DEFAULT_PORT = 9876;
    private static final int PORT_MAX = 65_535;

    /** @throws IllegalArgumentException saying what is wrong with which part */
    static BrokerUrl parse(String text) {
        if (text == null || !text.startsWith(SCHEME)) {
            throw new IllegalArgumentException("a URL must begin with " + SCHEME + ": " + withoutQuery(text));
        }
        int query = text.indexOf('?');
        String hosts = text.substring(SCHEME.length(), query < 0 ? text.length() : query);
        if (hosts.endsWith("/")) {
            hosts = hosts.substring(0, hosts.length() - 1);
        }
        List<String> servers = new ArrayList<>();
        for (String server : hosts.split(",", -1)) {
            servers.add(server(server.strip(), text));
        }
        return new BrokerUrl(List.copyOf(servers), query < 0 ? Map.of() : options(text.substring(query + 1)));
    }

    /** The addresses, not resolved. */
    static List<InetSocketAddress> addresses(List<String> servers) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String server : servers) {
            int colon = server.lastIndexOf(':');
            String host = server.substring(0, colon);
            if (host.startsWith("[")) {
                host = host.substring(1, host.length() - 1);
            }
            addresses.add(InetSocketAddress.createUnresolved(host, Integer.parseInt(server.substring(colon + 1))));
        }
        return addresses;
    }

    /** The text that {@link #parse} reads. */
    String format() {
        StringBuilder text = new StringBuilder(SCHEME).append(String.join(",", servers));
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(option.getKey()).append('=');
            text.append(
                    URLEncoder.encode(option.getValue(), StandardCharsets.UTF_8).replace("+", "%20"));
            separator = '&';
        }
        return text.toString();
    }

    /** Without the options, one of which is the password. */
    @Override
    public String toString() {
        return SCHEME + String.join(",", servers);
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String part : query.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals <= 0) {
                // Without the text, which may be a password.
                throw new IllegalArgumentException("an option in a URL must be written as name=value");
            }
            String key = decoded(part.substring(0, equals));
            String value = decoded(part.substring(equals + 1));
            if (options.put(key, value) != null) {
                throw new IllegalArgumentException("option '" + key + "' is given twice");
            }
        }
        return options;
    }

    /** A plus is itself, as in any URL; the decoder of the JDK is one for forms. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            // Without text and cause, which may show a password.
            throw new IllegalArgumentException("a % in the options of a URL must begin two hexadecimal digits");
        }
    }

    private static String server(String server, String url) {
        int bracket = server.lastIndexOf(']');
        int colon = server.indexOf(':', Math.max(0, bracket));
        String host = colon < 0 ? server : server.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
        if (host.isEmpty() || host.startsWith("[") != bracketed || host.indexOf('/') >= 0 || host.indexOf('@') >= 0) {
            throw new IllegalArgumentException("'" + server + "' is not host:port in " + withoutQuery(url));
        }
        return host + ":" + (colon < 0 ? DEFAULT_PORT : port(server.substring(colon + 1), url));
    }

    private static int port(String text, String url) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException illegal) {
            // Reported below.
        }
        throw new IllegalArgumentException("'" + text + "' is not a port in " + withoutQuery(url));
    }

    private static String withoutQuery(String url) {
        int query = url == null ? -1 : url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }
}
