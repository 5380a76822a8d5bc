package io.posthorn.jms.naming;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.RefAddr;
import javax.naming.Reference;
import javax.naming.spi.ObjectFactory;

/**
 * Makes connection factories, queues and topics of the references that they put into a directory (Jakarta Messaging 3.1, 5.1). Stateless;
 * JNDI calls it on any thread. Opens no connection.
 */
public final class PosthornObjectFactory implements ObjectFactory {

    /** For JNDI, which needs a public constructor. */
    public PosthornObjectFactory() {}

    /**
     * The object a reference stands for.
     *
     * @return null if the object is no reference to a class of this provider
     * @throws NamingException if the reference lacks what the class needs, or holds an illegal value
     */
    @Override
    public Object getObjectInstance(Object object, Name name, Context context, Hashtable<?, ?> environment)
            throws NamingException {
        if (!(object instanceof Reference reference)) {
            return null;
        }
        String type = reference.getClassName();
        try {
            if (PosthornConnectionFactory.class.getName().equals(type)) {
                return new PosthornConnectionFactory(address(reference, PosthornConnectionFactory.REFERENCE_URL));
            }
            if (PosthornXAConnectionFactory.class.getName().equals(type)) {
                return new PosthornXAConnectionFactory(address(reference, PosthornConnectionFactory.REFERENCE_URL));
            }
            if (PosthornQueue.class.getName().equals(type)) {
                return new PosthornQueue(address(reference, PosthornDestination.REFERENCE_NAME));
            }
            if (PosthornTopic.class.getName().equals(type)) {
                return new PosthornTopic(address(reference, PosthornDestination.REFERENCE_NAME));
            }
            return null;
        } catch (IllegalArgumentException illegal) {
            NamingException failure = new NamingException("reference to " + type + ": " + illegal.getMessage());
            failure.setRootCause(illegal);
            throw failure;
        }
    }

    private static String address(Reference reference, String kind) throws NamingException {
        RefAddr address = reference.get(kind);
        if (address == null || address.getContent() == null) {
            throw new NamingException("a reference to " + reference.getClassName() + " has no '" + kind + "'");
        }
        return address.getContent().toString();
    }
}
