package io.posthorn.tck;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message of another provider, as unhelpful as the specification lets it be: properties of unknown names throw, bytes and
 * streams are write-only until they are reset, getBody lies, and what a provider has no business with is refused.
 */
final class Foreign implements InvocationHandler {

    /** Header fields by the end of their setter's name. */
    final Map<String, Object> headers = new HashMap<>();

    final Map<String, Object> properties = new LinkedHashMap<>();

    private final Map<String, Answer> answers = new HashMap<>();
    private boolean readable;
    private int at;

    private interface Answer {
        Object to(Object[] arguments) throws Exception;
    }

    private Foreign() {
        answers.put("getPropertyNames", a -> Collections.enumeration(properties.keySet()));
        answers.put("getObjectProperty", a -> {
            if (!properties.containsKey((String) a[0])) {
                throw new JMSException("there is no property " + a[0]);
            }
            return properties.get((String) a[0]);
        });
        answers.put("setObjectProperty", a -> properties.put((String) a[0], a[1]));
        answers.put("getBody", a -> "nonsense");
        answers.put("toString", a -> "foreign message");
    }

    /** The proxy's handler. */
    static Foreign of(Message message) {
        return (Foreign) Proxy.getInvocationHandler(message);
    }

    static Message plain() {
        return new Foreign().as(Message.class);
    }

    static TextMessage text(String text) {
        Foreign foreign = new Foreign();
        foreign.answers.put("getText", a -> text);
        return foreign.as(TextMessage.class);
    }

    static ObjectMessage object(Serializable object) {
        Foreign foreign = new Foreign();
        foreign.answers.put("getObject", a -> object);
        return foreign.as(ObjectMessage.class);
    }

    static MapMessage map(Map<String, Object> values) {
        Foreign foreign = new Foreign();
        foreign.answers.put("getMapNames", a -> Collections.enumeration(values.keySet()));
        foreign.answers.put("getObject", a -> values.get((String) a[0]));
        return foreign.as(MapMessage.class);
    }

    static BytesMessage bytes(byte[] body) {
        Foreign foreign = new Foreign();
        foreign.resettable();
        foreign.answers.put("getBodyLength", a -> {
            foreign.checkReadable();
            return (long) body.length;
        });
        foreign.answers.put("readBytes", a -> {
            foreign.checkReadable();
            byte[] into = (byte[]) a[0];
            int count = Math.min(a.length == 1 ? into.length : (Integer) a[1], body.length - foreign.at);
            System.arraycopy(body, foreign.at, into, 0, count);
            foreign.at += count;
            return count == 0 ? -1 : count;
        });
        return foreign.as(BytesMessage.class);
    }

    static StreamMessage stream(Object... values) {
        Foreign foreign = new Foreign();
        foreign.resettable();
        foreign.answers.put("readObject", a -> {
            foreign.checkReadable();
            if (foreign.at == values.length) {
                throw new MessageEOFException("end");
            }
            return values[foreign.at++];
        });
        return foreign.as(StreamMessage.class);
    }

    /** A message of a kind whose method, called by a provider, throws. */
    static <M extends Message> M failing(Class<M> kind, String method, Exception failure) {
        Foreign foreign = new Foreign();
        foreign.resettable();
        foreign.answers.put(method, a -> {
            throw failure;
        });
        return foreign.as(kind);
    }

    private void resettable() {
        answers.put("reset", a -> {
            readable = true;
            at = 0;
            return null;
        });
    }

    private void checkReadable() throws JMSException {
        if (!readable) {
            throw new MessageNotReadableException("write-only");
        }
    }

    private <M extends Message> M as(Class<M> kind) {
        return kind.cast(Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, this));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Exception {
        String name = method.getName();
        if (answers.containsKey(name)) {
            return answers.get(name).to(arguments);
        }
        if (name.startsWith("setJMS")) {
            headers.put(name.substring(3), arguments[0]);
            return null;
        }
        if (name.startsWith("getJMS")) {
            return headers.get(name.substring(3));
        }
        if (name.equals("equals")) {
            return proxy == arguments[0];
        }
        if (name.equals("hashCode")) {
            return System.identityHashCode(proxy);
        }
        throw new JMSException("not for a provider: " + name + Arrays.toString(arguments));
    }
}
