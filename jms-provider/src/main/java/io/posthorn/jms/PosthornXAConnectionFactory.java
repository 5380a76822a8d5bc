package io.posthorn.jms;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.TopicConnection;
import jakarta.jms.XAConnectionFactory;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueConnectionFactory;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicConnectionFactory;
import java.io.Serializable;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.StringRefAddr;

/**
 * Where transaction managers and application servers start (Jakarta Messaging 3.1, 11.3): makes XA connections and contexts. It takes the
 * same URL and has the same options as {@link PosthornConnectionFactory}, and makes ordinary connections as well. An administered object;
 * any thread may create connections.
 */
public final class PosthornXAConnectionFactory
        implements XAConnectionFactory,
                XAQueueConnectionFactory,
                XATopicConnectionFactory,
                ConnectionFactory,
                Serializable,
                Referenceable {

    private static final long serialVersionUID = 1L;

    private final PosthornConnectionFactory plain;

    /** For {@value PosthornConnectionFactory#DEFAULT_URL}. */
    public PosthornXAConnectionFactory() {
        this(PosthornConnectionFactory.DEFAULT_URL);
    }

    /**
     * For a cluster.
     *
     * @param url as of {@link PosthornConnectionFactory#PosthornConnectionFactory(String)}
     * @throws IllegalArgumentException if it is malformed, or has an unknown option or an illegal value; the text says which
     */
    public PosthornXAConnectionFactory(String url) {
        plain = new PosthornConnectionFactory(url);
    }

    // ---- XA connections

    @Override
    public PosthornXAConnection createXAConnection() throws JMSException {
        return new PosthornXAConnection(plain.connect(Domain.ANY));
    }

    @Override
    public PosthornXAConnection createXAConnection(String userName, String userPassword) throws JMSException {
        return connect(Domain.ANY, userName, userPassword);
    }

    @Override
    public XAQueueConnection createXAQueueConnection() throws JMSException {
        return new PosthornXAConnection(plain.connect(Domain.QUEUE));
    }

    @Override
    public XAQueueConnection createXAQueueConnection(String userName, String userPassword) throws JMSException {
        return connect(Domain.QUEUE, userName, userPassword);
    }

    @Override
    public XATopicConnection createXATopicConnection() throws JMSException {
        return new PosthornXAConnection(plain.connect(Domain.TOPIC));
    }

    @Override
    public XATopicConnection createXATopicConnection(String userName, String userPassword) throws JMSException {
        return connect(Domain.TOPIC, userName, userPassword);
    }

    @Override
    public XAJMSContext createXAContext() {
        return context(() -> plain.connect(Domain.ANY));
    }

    @Override
    public XAJMSContext createXAContext(String userName, String userPassword) {
        return context(() -> plain.connect(Domain.ANY, userName, userPassword));
    }

    private static XAJMSContext context(JmsCall<PosthornConnection> connect) {
        return JmsCall.get(() -> new PosthornXAContext(PosthornContext.openXa(connect.run())));
    }

    private PosthornXAConnection connect(Domain domain, String userName, String userPassword) throws JMSException {
        return new PosthornXAConnection(plain.connect(domain, userName, userPassword));
    }

    // ---- ordinary connections

    @Override
    public PosthornConnection createConnection() throws JMSException {
        return plain.createConnection();
    }

    @Override
    public PosthornConnection createConnection(String userName, String userPassword) throws JMSException {
        return plain.createConnection(userName, userPassword);
    }

    @Override
    public QueueConnection createQueueConnection() throws JMSException {
        return plain.createQueueConnection();
    }

    @Override
    public QueueConnection createQueueConnection(String userName, String userPassword) throws JMSException {
        return plain.createQueueConnection(userName, userPassword);
    }

    @Override
    public TopicConnection createTopicConnection() throws JMSException {
        return plain.createTopicConnection();
    }

    @Override
    public TopicConnection createTopicConnection(String userName, String userPassword) throws JMSException {
        return plain.createTopicConnection(userName, userPassword);
    }

    @Override
    public JMSContext createContext() {
        return plain.createContext();
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return plain.createContext(sessionMode);
    }

    @Override
    public JMSContext createContext(String userName, String userPassword) {
        return plain.createContext(userName, userPassword);
    }

    @Override
    public JMSContext createContext(String userName, String userPassword, int sessionMode) {
        return plain.createContext(userName, userPassword, sessionMode);
    }

    // ---- the URL

    /** With all options that differ from their defaults, except the password. */
    public String getUrl() {
        return plain.getUrl();
    }

    /** Takes servers and options over from a URL; options it does not name go back to their defaults. */
    public void setUrl(String url) {
        plain.setUrl(url);
    }

    /** The URL in it contains the password, for who looks it up has to connect with it. */
    @Override
    public Reference getReference() {
        Reference reference = new Reference(getClass().getName(), PosthornConnectionFactory.OBJECT_FACTORY_CLASS, null);
        reference.add(new StringRefAddr(
                PosthornConnectionFactory.REFERENCE_URL,
                plain.getReference()
                        .get(PosthornConnectionFactory.REFERENCE_URL)
                        .getContent()
                        .toString()));
        return reference;
    }

    /** The URL without the password. */
    @Override
    public String toString() {
        return "PosthornXAConnectionFactory[" + plain.getUrl() + "]";
    }

    // ---- options

    public String getClientId() {
        return plain.getClientId();
    }

    /** @param value null or empty for none */
    public void setClientId(String value) {
        plain.setClientId(value);
    }

    public String getUser() {
        return plain.getUser();
    }

    /** @param value null for the broker's default user */
    public void setUser(String value) {
        plain.setUser(value);
    }

    /** There is no public getter, so that nobody prints it. */
    public void setPassword(String value) {
        plain.setPassword(value);
    }

    public int getWindowSize() {
        return plain.getWindowSize();
    }

    public void setWindowSize(int messages) {
        plain.setWindowSize(messages);
    }

    public int getWindowBytes() {
        return plain.getWindowBytes();
    }

    public void setWindowBytes(int bytes) {
        plain.setWindowBytes(bytes);
    }

    public int getConnectTimeoutMs() {
        return plain.getConnectTimeoutMs();
    }

    public void setConnectTimeoutMs(int value) {
        plain.setConnectTimeoutMs(value);
    }

    public int getRequestTimeoutMs() {
        return plain.getRequestTimeoutMs();
    }

    public void setRequestTimeoutMs(int value) {
        plain.setRequestTimeoutMs(value);
    }

    public int getSendTimeoutMs() {
        return plain.getSendTimeoutMs();
    }

    /** @param value 0 for no limit of its own */
    public void setSendTimeoutMs(int value) {
        plain.setSendTimeoutMs(value);
    }

    public int getFailoverTimeoutMs() {
        return plain.getFailoverTimeoutMs();
    }

    /** @param value negative to look for a broker for ever */
    public void setFailoverTimeoutMs(int value) {
        plain.setFailoverTimeoutMs(value);
    }

    public int getKeepAliveMs() {
        return plain.getKeepAliveMs();
    }

    public void setKeepAliveMs(int value) {
        plain.setKeepAliveMs(value);
    }

    public boolean isSlaveRead() {
        return plain.isSlaveRead();
    }

    public void setSlaveRead(boolean value) {
        plain.setSlaveRead(value);
    }

    public String getSpoolDirectory() {
        return plain.getSpoolDirectory();
    }

    public void setSpoolDirectory(String value) {
        plain.setSpoolDirectory(value);
    }

    public int getSpoolThresholdBytes() {
        return plain.getSpoolThresholdBytes();
    }

    public void setSpoolThresholdBytes(int value) {
        plain.setSpoolThresholdBytes(value);
    }

    public int getInFlightMax() {
        return plain.getInFlightMax();
    }

    public void setInFlightMax(int messages) {
        plain.setInFlightMax(messages);
    }

    public int getNonPersistentInFlightMax() {
        return plain.getNonPersistentInFlightMax();
    }

    public void setNonPersistentInFlightMax(int messages) {
        plain.setNonPersistentInFlightMax(messages);
    }

    public String getObjectMessageAllowList() {
        return plain.getObjectMessageAllowList();
    }

    /** @param patterns class names, packages as {@code com.acme.*}, or {@code *}, separated by commas; null or empty for value types only */
    public void setObjectMessageAllowList(String patterns) {
        plain.setObjectMessageAllowList(patterns);
    }
}
