package io.posthorn.ra;

import io.posthorn.jms.PosthornXAConnection;
import jakarta.jms.JMSException;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;

/**
 * Lets the client begin its threads as the adapter's. A thread keeps the context class loader of the one that started it, and up to Java 23 also the
 * protection domains of all classes on that one's stack; with an application's there, a pooled connection would hold the application's class
 * loader after its undeployment.
 */
final class DetachedThreads {

    private DetachedThreads() {}

    /** On the calling thread; its context class loader is the same afterwards. */
    @SuppressWarnings("removal")
    static PosthornXAConnection begin(PrivilegedExceptionAction<PosthornXAConnection> connect) throws JMSException {
        Thread caller = Thread.currentThread();
        ClassLoader context = caller.getContextClassLoader();
        caller.setContextClassLoader(DetachedThreads.class.getClassLoader());
        try {
            return AccessController.doPrivileged(connect);
        } catch (PrivilegedActionException failed) {
            // The client's only checked exception.
            throw (JMSException) failed.getException();
        } finally {
            caller.setContextClassLoader(context);
        }
    }
}
