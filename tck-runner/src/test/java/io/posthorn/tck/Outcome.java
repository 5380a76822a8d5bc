package io.posthorn.tck;

import jakarta.jms.CompletionListener;
import jakarta.jms.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** What a call inside a listener has led to, for the test to look at outside. Any thread. */
final class Outcome {

    /** The call has returned. */
    static final String RETURNED = "returned";

    private final CompletableFuture<Object> result = new CompletableFuture<>();

    /** Makes the call; only the first one counts. */
    void of(Executable call) {
        if (result.isDone()) {
            return;
        }
        try {
            perform(call);
            result.complete(RETURNED);
        } catch (Exception | AssertionError thrown) {
            result.complete(thrown.getClass());
        }
    }

    /** A completion listener that makes the call; a failed send counts as a call that throws. */
    CompletionListener inCallback(Executable call) {
        return new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                of(call);
            }

            @Override
            public void onException(Message message, Exception exception) {
                of(() -> {
                    throw exception;
                });
            }
        };
    }

    /** {@link #RETURNED}, or the class of what the call has thrown. */
    Object get() throws Exception {
        return result.get(ServerTest.COMES_MS, TimeUnit.MILLISECONDS);
    }

    /** The call, with what it throws as an exception or an error. */
    static void perform(Executable call) throws Exception {
        try {
            call.execute();
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable strange) {
            throw new AssertionError(strange);
        }
    }
}
