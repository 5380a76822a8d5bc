package io.posthorn.jms;

import jakarta.jms.JMSException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits of application threads for an answer of the provider, which bounds every answer in time itself. An interrupt does not
 * end the wait, since the outcome would stay unknown; the interrupt flag is set again afterwards.
 */
final class Waits {

    private static final Logger LOG = LoggerFactory.getLogger(Waits.class);

    private Waits() {}

    /** @throws JMSException what the future failed with, as JMS says it */
    static <T> T await(CompletableFuture<T> answer) throws JMSException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw Failures.toJms(failed);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether it has an outcome within this time; an interrupt ends the wait, and yes is the answer, for {@link #await} to go on with. */
    static boolean isDoneWithin(CompletableFuture<?> answer, long ms) {
        try {
            answer.get(ms, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failed) {
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** As await, for steps of a close: a failure is logged only, since the broker releases what the connection no longer holds. */
    static void awaitEnd(CompletableFuture<?> answer) {
        try {
            await(answer);
        } catch (JMSException failed) {
            LOG.info("close: {}", failed.getMessage());
        }
    }
}
