package io.posthorn.ra;

import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What was made through a handle and has to end with it although the physical session or connection goes on: consumers and browsers of a
 * transacted session, temporary destinations. Any thread.
 */
final class HandleChildren {

    /** Weak, because applications may open and close consumers without end on one handle. */
    private final Set<AutoCloseable> consumers = Collections.newSetFromMap(new WeakHashMap<>());

    private final List<Ending> temporaries = new ArrayList<>();

    synchronized <C extends AutoCloseable> C consumer(C consumer) {
        consumers.add(consumer);
        return consumer;
    }

    synchronized TemporaryQueue temporary(TemporaryQueue queue) {
        temporaries.add(queue::delete);
        return queue;
    }

    synchronized TemporaryTopic temporary(TemporaryTopic topic) {
        temporaries.add(topic::delete);
        return topic;
    }

    /** Closes the consumers, even if one fails; throws the first failure. */
    void closeConsumers() throws JMSException {
        List<AutoCloseable> all;
        synchronized (this) {
            all = new ArrayList<>(consumers);
            consumers.clear();
        }
        endAll(all.stream().<Ending>map(consumer -> () -> close(consumer)).toList());
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

    private static void close(AutoCloseable consumer) throws JMSException {
        try {
            consumer.close();
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
