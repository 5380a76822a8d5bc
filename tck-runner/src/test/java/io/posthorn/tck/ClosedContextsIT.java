package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every method of a closed context, and of its producers and consumers, is refused, whatever its arguments. */
class ClosedContextsIT extends ConformanceTest {

    private static void assertRefused(Map<String, Executable> calls) {
        assertAll(calls.entrySet().stream()
                .map(call -> () -> assertThrows(IllegalStateRuntimeException.class, call.getValue(), call.getKey())));
    }

    @ParameterizedTest
    @ValueSource(ints = {JMSContext.AUTO_ACKNOWLEDGE, JMSContext.SESSION_TRANSACTED})
    @Checklist({"6.07", "28.02"})
    void closedContexts(int mode) {
        JMSContext parent = context(mode);
        JMSContext child = closeLater(parent.createContext(mode));
        child.close();
        assertRefused(stateCalls(child));
        assertRefused(creationCalls(child));
        parent.close();
        assertRefused(stateCalls(parent));
        assertRefused(creationCalls(parent));
    }

    private static Map<String, Executable> stateCalls(JMSContext closed) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("getClientID", closed::getClientID);
        calls.put("setClientID", () -> closed.setClientID(null));
        calls.put("getMetaData", closed::getMetaData);
        calls.put("getExceptionListener", closed::getExceptionListener);
        calls.put("setExceptionListener", () -> closed.setExceptionListener(null));
        calls.put("start", closed::start);
        calls.put("stop", closed::stop);
        calls.put("setAutoStart", () -> closed.setAutoStart(true));
        calls.put("getAutoStart", closed::getAutoStart);
        calls.put("getTransacted", closed::getTransacted);
        calls.put("getSessionMode", closed::getSessionMode);
        calls.put("commit", closed::commit);
        calls.put("rollback", closed::rollback);
        calls.put("recover", closed::recover);
        calls.put("acknowledge", closed::acknowledge);
        calls.put("unsubscribe", () -> closed.unsubscribe(null));
        return calls;
    }

    private static Map<String, Executable> creationCalls(JMSContext closed) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("createContext", () -> closed.createContext(-1));
        calls.put("createProducer", closed::createProducer);
        calls.put("createBytesMessage", closed::createBytesMessage);
        calls.put("createMapMessage", closed::createMapMessage);
        calls.put("createMessage", closed::createMessage);
        calls.put("createObjectMessage()", closed::createObjectMessage);
        calls.put("createObjectMessage(object)", () -> closed.createObjectMessage("x"));
        calls.put("createStreamMessage", closed::createStreamMessage);
        calls.put("createTextMessage()", closed::createTextMessage);
        calls.put("createTextMessage(text)", () -> closed.createTextMessage("x"));
        calls.put("createConsumer", () -> closed.createConsumer(null));
        calls.put("createConsumer with selector", () -> closed.createConsumer(null, "="));
        calls.put("createConsumer with noLocal", () -> closed.createConsumer(null, "=", true));
        calls.put("createDurableConsumer", () -> closed.createDurableConsumer(null, null));
        calls.put("createDurableConsumer, all", () -> closed.createDurableConsumer(null, null, "=", true));
        calls.put("createSharedConsumer", () -> closed.createSharedConsumer(null, null));
        calls.put("createSharedConsumer, all", () -> closed.createSharedConsumer(null, null, "="));
        calls.put("createSharedDurableConsumer", () -> closed.createSharedDurableConsumer(null, null));
        calls.put("createSharedDurableConsumer, all", () -> closed.createSharedDurableConsumer(null, null, "="));
        calls.put("createBrowser", () -> closed.createBrowser(null));
        calls.put("createBrowser with selector", () -> closed.createBrowser(null, "="));
        calls.put("createQueue", () -> closed.createQueue(null));
        calls.put("createTopic", () -> closed.createTopic(null));
        calls.put("createTemporaryQueue", closed::createTemporaryQueue);
        calls.put("createTemporaryTopic", closed::createTemporaryTopic);
        return calls;
    }

    @Test
    @Checklist({"6.07", "6.10", "28.11"})
    void producersOfAClosedContext() {
        JMSContext context = context();
        Queue queue = context.createQueue(name("queue"));
        Message message = context.createTextMessage("x");
        JMSProducer plain = context.createProducer();
        JMSProducer withExtras = context.createProducer().setProperty("n", 1);
        context.close();
        for (JMSProducer closed : new JMSProducer[] {plain, withExtras}) {
            assertRefused(sendCalls(closed, queue, message));
            assertRefused(settingCalls(closed));
            assertRefused(propertyCalls(closed));
        }
    }

    private static Map<String, Executable> sendCalls(JMSProducer closed, Destination to, Message message) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("send message", () -> closed.send(to, message));
        calls.put("send null", () -> closed.send(null, (Message) null));
        calls.put("send text", () -> closed.send(null, "x"));
        calls.put("send bytes", () -> closed.send(null, new byte[1]));
        calls.put("send map", () -> closed.send(null, Map.of("n", new Object())));
        calls.put("send object", () -> closed.send(null, (Serializable) new Unserializable()));
        return calls;
    }

    /** Says it can be serialized, and cannot. */
    private static final class Unserializable implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() {
            throw new UnsupportedOperationException("planned failure");
        }
    }

    private static Map<String, Executable> settingCalls(JMSProducer closed) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("getDeliveryMode", closed::getDeliveryMode);
        calls.put("setDeliveryMode", () -> closed.setDeliveryMode(-1));
        calls.put("getPriority", closed::getPriority);
        calls.put("setPriority", () -> closed.setPriority(-1));
        calls.put("getTimeToLive", closed::getTimeToLive);
        calls.put("setTimeToLive", () -> closed.setTimeToLive(-1));
        calls.put("getDeliveryDelay", closed::getDeliveryDelay);
        calls.put("setDeliveryDelay", () -> closed.setDeliveryDelay(-1));
        calls.put("getDisableMessageID", closed::getDisableMessageID);
        calls.put("setDisableMessageID", () -> closed.setDisableMessageID(true));
        calls.put("getDisableMessageTimestamp", closed::getDisableMessageTimestamp);
        calls.put("setDisableMessageTimestamp", () -> closed.setDisableMessageTimestamp(true));
        calls.put("getAsync", closed::getAsync);
        calls.put("setAsync", () -> closed.setAsync(null));
        calls.put("getJMSCorrelationID", closed::getJMSCorrelationID);
        calls.put("setJMSCorrelationID", () -> closed.setJMSCorrelationID("x"));
        calls.put("getJMSCorrelationIDAsBytes", closed::getJMSCorrelationIDAsBytes);
        calls.put("setJMSCorrelationIDAsBytes", () -> closed.setJMSCorrelationIDAsBytes(null));
        calls.put("getJMSType", closed::getJMSType);
        calls.put("setJMSType", () -> closed.setJMSType("x"));
        calls.put("getJMSReplyTo", closed::getJMSReplyTo);
        calls.put("setJMSReplyTo", () -> closed.setJMSReplyTo(null));
        return calls;
    }

    private static Map<String, Executable> propertyCalls(JMSProducer closed) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("setProperty(boolean)", () -> closed.setProperty("", true));
        calls.put("setProperty(byte)", () -> closed.setProperty("", (byte) 1));
        calls.put("setProperty(short)", () -> closed.setProperty("", (short) 1));
        calls.put("setProperty(int)", () -> closed.setProperty("", 1));
        calls.put("setProperty(long)", () -> closed.setProperty("", 1L));
        calls.put("setProperty(float)", () -> closed.setProperty("", 1f));
        calls.put("setProperty(double)", () -> closed.setProperty("", 1d));
        calls.put("setProperty(String)", () -> closed.setProperty("", ""));
        calls.put("setProperty(Object)", () -> closed.setProperty("", new Object()));
        calls.put("clearProperties", closed::clearProperties);
        calls.put("propertyExists", () -> closed.propertyExists("n"));
        calls.put("getBooleanProperty", () -> closed.getBooleanProperty("n"));
        calls.put("getByteProperty", () -> closed.getByteProperty("x"));
        calls.put("getShortProperty", () -> closed.getShortProperty("x"));
        calls.put("getIntProperty", () -> closed.getIntProperty("x"));
        calls.put("getLongProperty", () -> closed.getLongProperty("x"));
        calls.put("getFloatProperty", () -> closed.getFloatProperty("x"));
        calls.put("getDoubleProperty", () -> closed.getDoubleProperty("x"));
        calls.put("getStringProperty", () -> closed.getStringProperty("x"));
        calls.put("getObjectProperty", () -> closed.getObjectProperty("x"));
        calls.put("getPropertyNames", closed::getPropertyNames);
        return calls;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Checklist({"6.07", "6.11", "6.12", "22.11"})
    void closedConsumersAndBrowsers(boolean byThemselves) throws Exception {
        JMSContext context = context();
        JMSConsumer closed = context.createConsumer(context.createQueue(name("queue")));
        QueueBrowser browser = context.createBrowser(context.createQueue(name("queue")));
        if (byThemselves) {
            closed.close();
            browser.close();
        } else {
            context.close();
        }
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("receive()", closed::receive);
        calls.put("receive(timeout)", () -> closed.receive(-1));
        calls.put("receiveNoWait", closed::receiveNoWait);
        calls.put("receiveBody", () -> closed.receiveBody(null));
        calls.put("receiveBody with timeout", () -> closed.receiveBody(String.class, -1));
        calls.put("receiveBodyNoWait", () -> closed.receiveBodyNoWait(String.class));
        calls.put("getMessageSelector", closed::getMessageSelector);
        calls.put("getMessageListener", closed::getMessageListener);
        calls.put("setMessageListener", () -> closed.setMessageListener(message -> {}));
        calls.put("setMessageListener(null)", () -> closed.setMessageListener(null));
        assertRefused(calls);
        assertThrows(IllegalStateException.class, browser::getQueue);
        assertThrows(IllegalStateException.class, browser::getMessageSelector);
        assertThrows(IllegalStateException.class, browser::getEnumeration);
    }
}
