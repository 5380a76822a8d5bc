package io.posthorn.jms;

import io.posthorn.jms.message.ObjectFilter;
import io.posthorn.jms.message.RuntimeTwins;
import io.posthorn.jms.message.Spool;
import io.posthorn.provider.Login;
import io.posthorn.provider.remote.IoThreads;
import io.posthorn.provider.remote.RemoteConfig;
import io.posthorn.provider.remote.RemoteProviderFactory;
import io.posthorn.time.Clock;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.StringRefAddr;

/**
 * Where an application starts: makes connections and contexts to the cluster whose NameServers the URL names (Jakarta Messaging 3.1,
 * chapter 5 and 6.1). An administered object: serializable, bindable in JNDI, a bean; it holds no connection and no thread.
 *
 * <p>Any thread may create connections; setting properties meanwhile is not meant. Every option is described in OPTIONS.md. Setters
 * throw IllegalArgumentException for values out of bounds.
 */
public final class PosthornConnectionFactory
        implements ConnectionFactory, QueueConnectionFactory, TopicConnectionFactory, Serializable, Referenceable {

    /** Used when no URL is given. */
    public static final String DEFAULT_URL = "posthorn://127.0.0.1:9876";

    /** The address type that holds the URL, options included, in {@link #getReference()}. */
    public static final String REFERENCE_URL = "url";

    /** The class that turns such a reference into a factory again. */
    public static final String OBJECT_FACTORY_CLASS = "io.posthorn.jms.naming.PosthornObjectFactory";

    private static final long serialVersionUID = 1L;

    /** host:port each; an array, because lists made by List.copyOf tie the stream to their class. */
    private String[] servers;

    private String clientId;
    private String user;
    private String password;
    private String spoolDirectory;
    /** 0 in a factory that was serialized by an earlier release. */
    private int spoolThresholdBytes = Spool.STANDARD.thresholdBytes();

    private int windowSize = 256;
    private int windowBytes = 4 << 20;
    private int connectTimeoutMs = 10_000;
    private int requestTimeoutMs = 30_000;
    private int sendTimeoutMs = 30_000;
    private int failoverTimeoutMs = 60_000;
    private int keepAliveMs = 30_000;
    private int inFlightMax = 1_000;
    private int nonPersistentInFlightMax = 1_000;
    private String objectMessageAllowList = "";
    private boolean individualAcknowledge;
    private boolean slaveRead = true;

    /** Shared by the connections of this factory; made anew after deserialization. */
    private transient IoThreads ioThreads;

    /** For {@value #DEFAULT_URL}. */
    public PosthornConnectionFactory() {
        this(DEFAULT_URL);
    }

    /**
     * For a cluster.
     *
     * @param url {@code posthorn://host:9876[,host:9876…]?option=value&…}, option values percent-encoded
     * @throws IllegalArgumentException if it is malformed, or has an unknown option or an illegal value; the text says which
     */
    public PosthornConnectionFactory(String url) {
        BrokerUrl parsed = BrokerUrl.parse(url);
        servers = parsed.servers().toArray(new String[0]);
        for (Map.Entry<String, String> option : parsed.options().entrySet()) {
            FactoryOption.of(option.getKey()).set(this, option.getValue());
        }
    }

    // ---- connections

    /** With the user of this factory, or as the broker's default user when it has none. */
    @Override
    public PosthornConnection createConnection() throws JMSException {
        return createConnection(user, password);
    }

    @Override
    public PosthornConnection createConnection(String userName, String userPassword) throws JMSException {
        return connect(Domain.ANY, userName, userPassword);
    }

    @Override
    public QueueConnection createQueueConnection() throws JMSException {
        return createQueueConnection(user, password);
    }

    @Override
    public QueueConnection createQueueConnection(String userName, String userPassword) throws JMSException {
        return connect(Domain.QUEUE, userName, userPassword);
    }

    @Override
    public TopicConnection createTopicConnection() throws JMSException {
        return createTopicConnection(user, password);
    }

    @Override
    public TopicConnection createTopicConnection(String userName, String userPassword) throws JMSException {
        return connect(Domain.TOPIC, userName, userPassword);
    }

    @Override
    public JMSContext createContext() {
        return createContext(JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return createContext(user, password, sessionMode);
    }

    @Override
    public JMSContext createContext(String userName, String userPassword) {
        return createContext(userName, userPassword, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(String userName, String userPassword, int sessionMode) {
        try {
            PosthornConnection.checkMode(sessionMode, true, individualAcknowledge);
            return PosthornContext.open(connect(Domain.ANY, userName, userPassword), sessionMode);
        } catch (JMSException refused) {
            throw RuntimeTwins.unchecked(refused);
        }
    }

    /** With the user of this factory. */
    PosthornConnection connect(Domain domain) throws JMSException {
        return connect(domain, user, password);
    }

    PosthornConnection connect(Domain domain, String userName, String userPassword) throws JMSException {
        RemoteConfig config = RemoteConfig.of(BrokerUrl.addresses(List.of(servers)))
                .withConnectTimeout(Duration.ofMillis(connectTimeoutMs))
                .withRequestTimeout(Duration.ofMillis(requestTimeoutMs))
                .withFailoverTimeout(Duration.ofMillis(failoverTimeoutMs))
                .withKeepAlive(Duration.ofMillis(keepAliveMs))
                .withInFlightMax(inFlightMax)
                .withNonPersistentInFlightMax(nonPersistentInFlightMax)
                .withSlaveRead(slaveRead);
        ConnectionSettings settings = new ConnectionSettings(
                windowSize,
                windowBytes,
                sendTimeoutMs,
                ObjectFilter.parse(objectMessageAllowList),
                individualAcknowledge,
                clientId != null,
                new Spool(spoolDirectory == null ? null : Path.of(spoolDirectory), getSpoolThresholdBytes()),
                Clock.system());
        RemoteProviderFactory remote = new RemoteProviderFactory(config, ioThreads());
        return PosthornConnection.open(
                domain, remote, remote::close, new Login(userName, userPassword, clientId), settings);
    }

    private synchronized IoThreads ioThreads() {
        if (ioThreads == null) {
            ioThreads = new IoThreads();
        }
        return ioThreads;
    }

    // ---- the URL

    /** With all options that differ from their defaults, except the password. */
    public String getUrl() {
        return url(false);
    }

    /** Takes servers and options over from a URL; options it does not name go back to their defaults. */
    public void setUrl(String url) {
        PosthornConnectionFactory other = new PosthornConnectionFactory(url);
        servers = other.servers;
        for (FactoryOption option : FactoryOption.values()) {
            option.set(this, option.get(other));
        }
    }

    private String url(boolean withPassword) {
        PosthornConnectionFactory defaults = new PosthornConnectionFactory();
        Map<String, String> options = new LinkedHashMap<>();
        for (FactoryOption option : FactoryOption.values()) {
            String value = option.get(this);
            boolean shown = withPassword || option != FactoryOption.PASSWORD;
            if (shown && value != null && !value.equals(option.get(defaults))) {
                options.put(option.key(), value);
            }
        }
        return new BrokerUrl(List.of(servers), options).format();
    }

    /** The URL in it contains the password, for who looks it up has to connect with it. */
    @Override
    public Reference getReference() {
        Reference reference = new Reference(getClass().getName(), OBJECT_FACTORY_CLASS, null);
        reference.add(new StringRefAddr(REFERENCE_URL, url(true)));
        return reference;
    }

    /** The URL without the password. */
    @Override
    public String toString() {
        return "PosthornConnectionFactory[" + url(false) + "]";
    }

    // ---- options

    public String getClientId() {
        return clientId;
    }

    /** @param value null or empty for none */
    public void setClientId(String value) {
        clientId = value == null || value.isEmpty() ? null : value;
    }

    public String getUser() {
        return user;
    }

    /** @param value null for the broker's default user */
    public void setUser(String value) {
        user = value;
    }

    /** There is no public getter, so that nobody prints it. */
    public void setPassword(String value) {
        password = value;
    }

    String password() {
        return password;
    }

    public int getWindowSize() {
        return windowSize;
    }

    public void setWindowSize(int messages) {
        windowSize = positive(FactoryOption.WINDOW_SIZE, messages);
    }

    public int getWindowBytes() {
        return windowBytes;
    }

    public void setWindowBytes(int bytes) {
        windowBytes = positive(FactoryOption.WINDOW_BYTES, bytes);
    }

    public int getConnectTimeoutMs() {
        return connectTimeoutMs;
    }

    public void setConnectTimeoutMs(int value) {
        connectTimeoutMs = positive(FactoryOption.CONNECT_TIMEOUT_MS, value);
    }

    public int getRequestTimeoutMs() {
        return requestTimeoutMs;
    }

    public void setRequestTimeoutMs(int value) {
        requestTimeoutMs = positive(FactoryOption.REQUEST_TIMEOUT_MS, value);
    }

    public int getSendTimeoutMs() {
        return sendTimeoutMs;
    }

    /** @param value 0 for no limit of its own */
    public void setSendTimeoutMs(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("option sendTimeoutMs must not be negative: " + value);
        }
        sendTimeoutMs = value;
    }

    public int getFailoverTimeoutMs() {
        return failoverTimeoutMs;
    }

    /** @param value negative to look for a broker for ever */
    public void setFailoverTimeoutMs(int value) {
        failoverTimeoutMs = value;
    }

    public int getKeepAliveMs() {
        return keepAliveMs;
    }

    public void setKeepAliveMs(int value) {
        keepAliveMs = positive(FactoryOption.KEEP_ALIVE_MS, value);
    }

    public int getInFlightMax() {
        return inFlightMax;
    }

    public void setInFlightMax(int messages) {
        inFlightMax = positive(FactoryOption.IN_FLIGHT_MAX, messages);
    }

    public int getNonPersistentInFlightMax() {
        return nonPersistentInFlightMax;
    }

    public void setNonPersistentInFlightMax(int messages) {
        nonPersistentInFlightMax = positive(FactoryOption.NON_PERSISTENT_IN_FLIGHT_MAX, messages);
    }

    public String getObjectMessageAllowList() {
        return objectMessageAllowList;
    }

    /** @param patterns class names, packages as {@code com.acme.*}, or {@code *}, separated by commas; null or empty for value types only */
    public void setObjectMessageAllowList(String patterns) {
        String text = patterns == null ? "" : patterns;
        ObjectFilter.parse(text);
        objectMessageAllowList = text;
    }

    public boolean isIndividualAcknowledge() {
        return individualAcknowledge;
    }

    /** @param allowed whether sessions may be made with {@link PosthornSession#INDIVIDUAL_ACKNOWLEDGE} */
    public void setIndividualAcknowledge(boolean allowed) {
        individualAcknowledge = allowed;
    }

    public boolean isSlaveRead() {
        return slaveRead;
    }

    /** @param allowed whether the bodies of messages that the Master has on disk only may be fetched from its first Slave */
    public void setSlaveRead(boolean allowed) {
        slaveRead = allowed;
    }

    /** Null for the system's own directory for temporary files. */
    public String getSpoolDirectory() {
        return spoolDirectory;
    }

    /** @param directory for the temporary files of large messages; must exist when one is used; null or empty for the system's own */
    public void setSpoolDirectory(String directory) {
        if (directory == null || directory.isBlank()) {
            spoolDirectory = null;
        } else {
            spoolDirectory = Path.of(directory).toString();
        }
    }

    public int getSpoolThresholdBytes() {
        return spoolThresholdBytes > 0 ? spoolThresholdBytes : Spool.STANDARD.thresholdBytes();
    }

    /** @param bytes a body of a bytes message that grows beyond it while it is written goes to a file; positive */
    public void setSpoolThresholdBytes(int bytes) {
        spoolThresholdBytes = positive(FactoryOption.SPOOL_THRESHOLD_BYTES, bytes);
    }

    private static int positive(FactoryOption option, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException("option " + option.key() + " must be positive: " + value);
        }
        return value;
    }
}
