package io.posthorn.jms.destination;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.StringRefAddr;

/**
 * A destination as the application holds it: a kind and a name (Jakarta Messaging 3.1, 5.1 and 6.2.3). Any thread may
 * use it. Two are equal when kind and name are; a queue and a topic of one name are not.
 *
 * <p>It is an administered object: serializable, bindable in JNDI, and configurable as a bean, so the name may be absent
 * until the setter is called. It opens no connection and is no proof that the broker knows the name.
 */
public abstract class PosthornDestination implements Destination, Serializable, Referenceable {

    /** The address type that holds the name in {@link #getReference()}. */
    public static final String REFERENCE_NAME = "name";

    /** The class that turns such a reference into a destination again; a name, because naming depends on this package. */
    public static final String OBJECT_FACTORY_CLASS = "io.posthorn.jms.naming.PosthornObjectFactory";

    private static final long serialVersionUID = 1L;

    private transient volatile DestinationName name;

    PosthornDestination(DestinationName nameOrNull) {
        name = nameOrNull;
    }

    /** The destination with this name; a temporary one without owner, so that delete() refuses. */
    public static PosthornDestination of(DestinationName name) {
        return switch (name.kind()) {
            case QUEUE -> new PosthornQueue(name);
            case TOPIC -> new PosthornTopic(name);
            case TEMPORARY_QUEUE -> new PosthornTemporaryQueue(name, null);
            case TEMPORARY_TOPIC -> new PosthornTemporaryTopic(name, null);
        };
    }

    /**
     * The destination as one of ours.
     *
     * @throws InvalidDestinationException if it is null, of another provider, or has no name yet
     */
    public static PosthornDestination from(Destination destination) throws InvalidDestinationException {
        if (destination == null) {
            throw new InvalidDestinationException("a destination is required, not null");
        }
        if (!(destination instanceof PosthornDestination ours)) {
            throw new InvalidDestinationException("not a destination of Posthorn: "
                    + destination.getClass().getName() + "; look it up or create it with a Posthorn session");
        }
        if (ours.name == null) {
            throw new InvalidDestinationException(
                    "the " + ours.getClass().getSimpleName() + " has no name; it was created as a bean and never set");
        }
        return ours;
    }

    /** What kind of destination this class stands for. */
    public abstract DestinationKind kind();

    /** The provider's name; null only while a bean waits for its setter. */
    public DestinationName name() {
        return name;
    }

    /** The bare name, or null. */
    final String text() {
        DestinationName known = name;
        return known == null ? null : known.name();
    }

    /** @throws IllegalArgumentException if the name is null, empty or over 255 bytes of UTF-8 */
    final void text(String value) {
        name = nameOf(kind(), value);
    }

    static DestinationName nameOf(DestinationKind kind, String value) {
        if (value == null) {
            throw new IllegalArgumentException("a destination name must not be null");
        }
        return new DestinationName(kind, value);
    }

    /** @throws NamingException for a temporary destination, which belongs to a connection and not into a directory */
    @Override
    public Reference getReference() throws NamingException {
        if (kind().isTemporary()) {
            throw new NamingException("a temporary destination cannot be bound: " + this);
        }
        Reference reference = new Reference(getClass().getName(), OBJECT_FACTORY_CLASS, null);
        reference.add(new StringRefAddr(REFERENCE_NAME, text()));
        return reference;
    }

    @Override
    public final boolean equals(Object other) {
        if (!(other instanceof PosthornDestination that) || kind() != that.kind()) {
            return false;
        }
        return name == null ? that.name == null : name.equals(that.name);
    }

    @Override
    public final int hashCode() {
        DestinationName known = name;
        return known == null ? kind().ordinal() : known.hashCode();
    }

    /** As {@code queue://orders}. */
    @Override
    public final String toString() {
        DestinationName known = name;
        return known == null ? getClass().getSimpleName() + " without name" : known.toString();
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        out.writeObject(text());
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        String text = (String) in.readObject();
        if (text != null) {
            text(text);
        }
    }
}
