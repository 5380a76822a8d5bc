package io.posthorn.jms;

import io.posthorn.jms.message.RuntimeTwins;
import jakarta.jms.JMSException;

/** Calls of the classic API from the simplified one, which throws the unchecked twins (Jakarta Messaging 3.1, 10.2). */
@FunctionalInterface
interface JmsCall<T> {

    T run() throws JMSException;

    /** A call without result. */
    @FunctionalInterface
    interface Action {
        void run() throws JMSException;
    }

    static <T> T get(JmsCall<T> call) {
        try {
            return call.run();
        } catch (JMSException checked) {
            throw RuntimeTwins.unchecked(checked);
        }
    }

    static void perform(Action action) {
        try {
            action.run();
        } catch (JMSException checked) {
            throw RuntimeTwins.unchecked(checked);
        }
    }
}
