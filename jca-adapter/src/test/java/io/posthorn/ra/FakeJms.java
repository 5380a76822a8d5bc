package io.posthorn.ra;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A JMS client that does nothing but write down its calls, as {@code session1.commit()}: objects are named by type and number. A call
 * can be told to fail, and connections to break.
 */
final class FakeJms {

    private final List<String> calls = new ArrayList<>();
    private final Map<String, Exception> failures = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, ExceptionListener> listeners = new HashMap<>();

    ConnectionFactory factory() {
        return (ConnectionFactory) make(ConnectionFactory.class);
    }

    /** A managed connection factory over this client. */
    PosthornManagedConnectionFactory managedFactory() {
        return new OverFake(this);
    }

    /** The calls since the last time, without those on exception listeners. */
    List<String> calls() {
        List<String> all = List.copyOf(calls);
        calls.clear();
        return all;
    }

    /** The next calls of this name, as {@code session1.close}, throw. */
    void fail(String call, Exception reason) {
        failures.put(call, reason);
    }

    /** The client gives a connection up. */
    void breakDown(String name, JMSException reason) {
        listeners.get(name).onException(reason);
    }

    private Object make(Class<?> type) {
        String kind = type.getSimpleName();
        kind = kind.startsWith("JMS") ? kind.substring(3) : kind;
        kind = Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
        String name = kind + counts.merge(kind, 1, Integer::sum);
        InvocationHandler handler = (proxy, method, arguments) -> call(name, proxy, method, arguments);
        return Proxy.newProxyInstance(FakeJms.class.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private Object call(String name, Object proxy, Method method, Object[] arguments) throws Exception {
        switch (method.getName()) {
            case "hashCode":
                return System.identityHashCode(proxy);
            case "equals":
                return proxy == arguments[0];
            case "toString":
                return name;
            case "setExceptionListener":
                listeners.put(name, (ExceptionListener) arguments[0]);
                return null;
            default:
        }
        List<String> texts = new ArrayList<>();
        for (Object argument : arguments == null ? new Object[0] : arguments) {
            texts.add(String.valueOf(argument));
        }
        calls.add(name + "." + method.getName() + "(" + String.join(", ", texts) + ")");
        Exception failure = failures.get(name + "." + method.getName());
        if (failure != null) {
            throw failure;
        }
        return answer(method.getReturnType());
    }

    private Object answer(Class<?> type) {
        if (type.isInterface() && type.getPackageName().equals("jakarta.jms")) {
            return make(type);
        }
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? 0 : null;
    }

    private static final class OverFake extends PosthornManagedConnectionFactory {

        private static final long serialVersionUID = 1L;

        private final transient FakeJms jms;

        OverFake(FakeJms jms) {
            this.jms = jms;
        }

        @Override
        ConnectionFactory clientFactory(String url) {
            return jms.factory();
        }
    }
}
