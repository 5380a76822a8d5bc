package io.posthorn.ra;

import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was made through a handle and has to end with it although the physical session and connection go on: consumers, browsers and temporary
 * destinations. Any thread.
 */
final class HandleChildren {

    private final Set<AutoCloseable> open = new LinkedHashSet<>();
    private final List<Ending> temporaries = new ArrayList<>();

    /** Keeps a physical consumer or browser until {@link #close}. */
    synchronized <C extends AutoCloseable> C opened(C child) {
        open.add(child);
        return child;
    }

    /** Closes one that the application has closed. */
    void close(AutoCloseable child) throws JMSException {
        end(child);
        synchronized (this) {
            open.remove(child);
        }
    }

    synchronized TemporaryQueue temporary(TemporaryQueue queue) {
        temporaries.add(queue::delete);
        return queue;
    }

    synchronized TemporaryTopic temporary(TemporaryTopic topic) {
        temporaries.add(topic::delete);
        return topic;
    }

    /** Closes the consumers and browsers, even if one fails; throws the first failure. */
    void closeAll() throws JMSException {
        List<AutoCloseable> all;
        synchronized (this) {
            all = new ArrayList<>(open);
            open.clear();
        }
        endAll(all.stream().<Ending>map(child -> () -> end(child)).toList());
    }

    /** Deletes the temporary destinations that the application has not deleted itself; throws the first failure. */
    void deleteTemporaries() throws JMSException {
        List<Ending> all;
        synchronized (this) {
            all = new ArrayList<>(temporaries);
            temporaries.clear();
        }
        endAll(all);
    }

    /** Runs all of them, whatever happens; throws the first failure. */
    static void endAll(List<? extends Ending> endings) throws JMSException {
        JMSException first = null;
        for (Ending ending : endings) {
            try {
                ending.end();
            } catch (InvalidDestinationException deletedAlready) {
                // What should be gone is gone.
            } catch (JMSException failed) {
                first = first == null ? failed : first;
            } catch (JMSRuntimeException failed) {
                first = first == null ? new JMSException(failed.getMessage(), failed.getErrorCode(), failed) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static void end(AutoCloseable child) throws JMSException {
        try {
            child.close();
        } catch (JMSException | RuntimeException failed) {
            throw failed;
        } catch (Exception undeclared) {
            throw new IllegalStateException(undeclared.getMessage(), null, undeclared);
        }
    }

    /** The end of one thing. */
    interface Ending {
        void end() throws JMSException;
    }
}
