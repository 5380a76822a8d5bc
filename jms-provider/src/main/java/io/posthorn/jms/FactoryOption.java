package io.posthorn.jms;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The options of a connection factory, one row each: name in the URL (and of the bean property), how it is read and set. OPTIONS.md
 * documents them.
 */
enum FactoryOption {
    CLIENT_ID("clientId", PosthornConnectionFactory::getClientId, PosthornConnectionFactory::setClientId),
    USER("user", PosthornConnectionFactory::getUser, PosthornConnectionFactory::setUser),
    PASSWORD("password", PosthornConnectionFactory::password, PosthornConnectionFactory::setPassword),
    WINDOW_SIZE(
            "windowSize",
            f -> Integer.toString(f.getWindowSize()),
            (f, text) -> f.setWindowSize(number("windowSize", text))),
    WINDOW_BYTES(
            "windowBytes",
            f -> Integer.toString(f.getWindowBytes()),
            (f, text) -> f.setWindowBytes(number("windowBytes", text))),
    CONNECT_TIMEOUT_MS(
            "connectTimeoutMs",
            f -> Integer.toString(f.getConnectTimeoutMs()),
            (f, text) -> f.setConnectTimeoutMs(number("connectTimeoutMs", text))),
    REQUEST_TIMEOUT_MS(
            "requestTimeoutMs",
            f -> Integer.toString(f.getRequestTimeoutMs()),
            (f, text) -> f.setRequestTimeoutMs(number("requestTimeoutMs", text))),
    SEND_TIMEOUT_MS(
            "sendTimeoutMs",
            f -> Integer.toString(f.getSendTimeoutMs()),
            (f, text) -> f.setSendTimeoutMs(number("sendTimeoutMs", text))),
    FAILOVER_TIMEOUT_MS(
            "failoverTimeoutMs",
            f -> Integer.toString(f.getFailoverTimeoutMs()),
            (f, text) -> f.setFailoverTimeoutMs(number("failoverTimeoutMs", text))),
    KEEP_ALIVE_MS(
            "keepAliveMs",
            f -> Integer.toString(f.getKeepAliveMs()),
            (f, text) -> f.setKeepAliveMs(number("keepAliveMs", text))),
    IN_FLIGHT_MAX(
            "inFlightMax",
            f -> Integer.toString(f.getInFlightMax()),
            (f, text) -> f.setInFlightMax(number("inFlightMax", text))),
    NON_PERSISTENT_IN_FLIGHT_MAX(
            "nonPersistentInFlightMax",
            f -> Integer.toString(f.getNonPersistentInFlightMax()),
            (f, text) -> f.setNonPersistentInFlightMax(number("nonPersistentInFlightMax", text))),
    OBJECT_MESSAGE_ALLOW_LIST(
            "objectMessageAllowList",
            PosthornConnectionFactory::getObjectMessageAllowList,
            PosthornConnectionFactory::setObjectMessageAllowList),
    INDIVIDUAL_ACKNOWLEDGE(
            "individualAcknowledge",
            f -> Boolean.toString(f.isIndividualAcknowledge()),
            (f, text) -> f.setIndividualAcknowledge(flag("individualAcknowledge", text))),
    SLAVE_READ(
            "slaveRead", f -> Boolean.toString(f.isSlaveRead()), (f, text) -> f.setSlaveRead(flag("slaveRead", text))),
    SPOOL_DIRECTORY(
            "spoolDirectory",
            PosthornConnectionFactory::getSpoolDirectory,
            PosthornConnectionFactory::setSpoolDirectory),
    SPOOL_THRESHOLD_BYTES(
            "spoolThresholdBytes",
            f -> Integer.toString(f.getSpoolThresholdBytes()),
            (f, text) -> f.setSpoolThresholdBytes(number("spoolThresholdBytes", text)));

    private final String key;
    private final Function<PosthornConnectionFactory, String> getter;
    private final BiConsumer<PosthornConnectionFactory, String> setter;

    FactoryOption(
            String key,
            Function<PosthornConnectionFactory, String> getter,
            BiConsumer<PosthornConnectionFactory, String> setter) {
        this.key = key;
        this.getter = getter;
        this.setter = setter;
    }

    /** The name in URLs. */
    String key() {
        return key;
    }

    /** The value as text, null when there is none. */
    String get(PosthornConnectionFactory factory) {
        return getter.apply(factory);
    }

    /** @throws IllegalArgumentException if the text is no value for it */
    void set(PosthornConnectionFactory factory, String text) {
        setter.accept(factory, text);
    }

    /** @throws IllegalArgumentException naming the unknown option and all known ones */
    static FactoryOption of(String key) {
        List<String> known = new ArrayList<>();
        for (FactoryOption option : values()) {
            if (option.key.equals(key)) {
                return option;
            }
            known.add(option.key);
        }
        throw new IllegalArgumentException("unknown option '" + key + "'; known are " + String.join(", ", known));
    }

    private static boolean flag(String key, String text) {
        String value = text.trim();
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("option " + key + " takes true or false, not '" + text + "'");
        }
        return value.equals("true");
    }

    private static int number(String key, String text) {
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException illegal) {
            throw new IllegalArgumentException("option " + key + " takes a whole number, not '" + text + "'", illegal);
        }
    }
}
