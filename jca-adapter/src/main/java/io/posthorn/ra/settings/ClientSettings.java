package io.posthorn.ra.settings;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings of a JMS client as String bean properties: the URL, and every option that a URL can have, under the same names
 * (jms-provider/OPTIONS.md). Application servers set them before anything else is called, one thread at a time; nothing is checked before
 * {@link ClientUrl#of}.
 *
 * <p>Null and the empty text mean: not set. A setter with a name that servers use for the same thing is there besides.
 */
public abstract class ClientSettings implements Serializable {

    /** The property that is no option of the URL, but the URL. */
    public static final String CONNECTION_URL = "connectionUrl";

    private static final long serialVersionUID = 1L;

    private final TreeMap<String, String> values = new TreeMap<>();
    private transient int changes;

    /** For subclasses. */
    protected ClientSettings() {}

    /** The options that are set, by name; without the URL. A copy. */
    public final Map<String, String> options() {
        Map<String, String> options = new TreeMap<>(values);
        options.remove(CONNECTION_URL);
        return options;
    }

    /** The value of a property by name, null when it is not set. */
    protected final String value(String name) {
        return values.get(name);
    }

    /** Grows whenever a property is set. */
    public final int changes() {
        return changes;
    }

    private void value(String name, String value) {
        changes++;
        if (value == null || value.isBlank()) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
    }

    /** Whether both have the same values set. */
    protected final boolean sameValues(ClientSettings that) {
        return values.equals(that.values);
    }

    /** Agrees with {@link #sameValues}. */
    protected final int hashOfValues() {
        return values.hashCode();
    }

    // ---- properties

    public String getConnectionUrl() {
        return value(CONNECTION_URL);
    }

    /** @param url {@code posthorn://host:9876[,host:9876…]?option=value&…} */
    public void setConnectionUrl(String url) {
        value(CONNECTION_URL, url);
    }

    public String getClientId() {
        return value("clientId");
    }

    public void setClientId(String clientId) {
        value("clientId", clientId);
    }

    public String getUser() {
        return value("user");
    }

    public void setUser(String name) {
        value("user", name);
    }

    /** The user, as the definitions in applications name it ({@code @JMSConnectionFactoryDefinition}). */
    public String getUserName() {
        return getUser();
    }

    public void setUserName(String name) {
        setUser(name);
    }

    public String getPassword() {
        return value("password");
    }

    public void setPassword(String password) {
        value("password", password);
    }

    public String getWindowSize() {
        return value("windowSize");
    }

    public void setWindowSize(String windowSize) {
        value("windowSize", windowSize);
    }

    public String getWindowBytes() {
        return value("windowBytes");
    }

    public void setWindowBytes(String windowBytes) {
        value("windowBytes", windowBytes);
    }

    public String getSpoolThresholdBytes() {
        return value("spoolThresholdBytes");
    }

    public void setSpoolThresholdBytes(String spoolThresholdBytes) {
        value("spoolThresholdBytes", spoolThresholdBytes);
    }

    public String getSpoolDirectory() {
        return value("spoolDirectory");
    }

    public void setSpoolDirectory(String spoolDirectory) {
        value("spoolDirectory", spoolDirectory);
    }

    public String getConnectTimeoutMs() {
        return value("connectTimeoutMs");
    }

    public void setConnectTimeoutMs(String connectTimeoutMs) {
        value("connectTimeoutMs", connectTimeoutMs);
    }

    public String getRequestTimeoutMs() {
        return value("requestTimeoutMs");
    }

    public void setRequestTimeoutMs(String requestTimeoutMs) {
        value("requestTimeoutMs", requestTimeoutMs);
    }

    public String getSendTimeoutMs() {
        return value("sendTimeoutMs");
    }

    public void setSendTimeoutMs(String sendTimeoutMs) {
        value("sendTimeoutMs", sendTimeoutMs);
    }

    public String getFailoverTimeoutMs() {
        return value("failoverTimeoutMs");
    }

    public void setFailoverTimeoutMs(String failoverTimeoutMs) {
        value("failoverTimeoutMs", failoverTimeoutMs);
    }

    public String getKeepAliveMs() {
        return value("keepAliveMs");
    }

    public void setKeepAliveMs(String keepAliveMs) {
        value("keepAliveMs", keepAliveMs);
    }

    public String getInFlightMax() {
        return value("inFlightMax");
    }

    public void setInFlightMax(String inFlightMax) {
        value("inFlightMax", inFlightMax);
    }

    public String getNonPersistentInFlightMax() {
        return value("nonPersistentInFlightMax");
    }

    public void setNonPersistentInFlightMax(String nonPersistentInFlightMax) {
        value("nonPersistentInFlightMax", nonPersistentInFlightMax);
    }

    public String getIndividualAcknowledge() {
        return value("individualAcknowledge");
    }

    public void setIndividualAcknowledge(String individualAcknowledge) {
        value("individualAcknowledge", individualAcknowledge);
    }

    public String getSlaveRead() {
        return value("slaveRead");
    }

    public void setSlaveRead(String slaveRead) {
        value("slaveRead", slaveRead);
    }

    public String getObjectMessageAllowList() {
        return value("objectMessageAllowList");
    }

    public void setObjectMessageAllowList(String objectMessageAllowList) {
        value("objectMessageAllowList", objectMessageAllowList);
    }
}
