package io.posthorn.jms.message;

import jakarta.jms.MessageFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.Proxy;

/**
 * One deserialization: classes come from the thread's context class loader, and only those the filter allows. A filter
 * for the whole JVM ({@code jdk.serialFilter}) applies as well.
 */
final class ObjectReader extends ObjectInputStream {

    private final ClassLoader loader;
    private final ObjectFilter filter;
    private String refusal;

    private ObjectReader(InputStream in, ObjectFilter filter) throws IOException {
        super(in);
        this.filter = filter;
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        this.loader = context != null ? context : ObjectReader.class.getClassLoader();
        ObjectInputFilter ofJvm = ObjectInputFilter.Config.getSerialFilter();
        setObjectInputFilter(ofJvm == null ? this::check : ObjectInputFilter.merge(this::check, ofJvm));
    }

    /** @throws MessageFormatException if a class is not allowed or not found, or the bytes are no object */
    static Serializable read(byte[] bytes, int from, int length, ObjectFilter filter) throws MessageFormatException {
        String refusal = null;
        Exception failure;
        try (ObjectReader reader = new ObjectReader(new ByteArrayInputStream(bytes, from, length), filter)) {
            try {
                return (Serializable) reader.readObject();
            } finally {
                refusal = reader.refusal;
            }
        } catch (IOException | ClassNotFoundException | RuntimeException wrong) {
            failure = wrong;
        } catch (StackOverflowError | LinkageError wrong) {
            failure = new IOException(wrong);
        }
        String reason = refusal != null ? refusal : "the object cannot be deserialized: " + failure;
        throw FormatErrors.of(reason, failure);
    }

    private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
        String broken = filter.limitBroken(info);
        if (broken != null) {
            refusal = "the object message contains " + broken;
            return ObjectInputFilter.Status.REJECTED;
        }
        Class<?> type = info.serialClass();
        if (type == null) {
            return ObjectInputFilter.Status.UNDECIDED;
        }
        if (!filter.allows(type)) {
            refusal = "the object message contains a " + type.getName() + ", which " + ObjectFilter.OPTION
                    + " of the connection factory does not allow";
            return ObjectInputFilter.Status.REJECTED;
        }
        return ObjectInputFilter.Status.ALLOWED;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
        try {
            return Class.forName(description.getName(), false, loader);
        } catch (ClassNotFoundException notThere) {
            return super.resolveClass(description);
        }
    }

    /** A proxy class is defined with its interfaces, all of which the filter has seen or will see. */
    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) throws IOException, ClassNotFoundException {
        Class<?>[] types = new Class<?>[interfaces.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = Class.forName(interfaces[i], false, loader);
        }
        try {
            return Proxy.newProxyInstance(loader, types, (proxy, method, arguments) -> null)
                    .getClass();
        } catch (IllegalArgumentException unfit) {
            throw new ClassNotFoundException("no proxy for these interfaces", unfit);
        }
    }
}
