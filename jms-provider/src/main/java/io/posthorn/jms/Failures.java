package io.posthorn.jms;

import io.posthorn.provider.ProviderException;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.TransactionRolledBackException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * The one table from what the provider reports to what the application sees (Jakarta Messaging 3.1, 10.3). The error code of
 * the JMS exception is the name of the provider's kind; cause and linked exception are the provider's exception.
 */
final class Failures {

    private Failures() {}

    /** The JMS exception for a failed verb. */
    static JMSException toJms(ProviderException failure) {
        String text = failure.getMessage();
        String code = failure.kind().name();
        JMSException result = switch (failure.kind()) {
            case SECURITY -> new JMSSecurityException(text, code);
            case INVALID_CLIENT_ID -> new InvalidClientIDException(text, code);
            case INVALID_DESTINATION, NOT_PLACED, UNKNOWN_SUBSCRIPTION -> new InvalidDestinationException(text, code);
            case INVALID_SELECTOR -> new InvalidSelectorException(text, code);
            case INVALID_MESSAGE -> new MessageFormatException(text, code);
            case RESOURCE, IN_DOUBT -> new ResourceAllocationException(text, code);
            case ILLEGAL_STATE, CLOSED -> new IllegalStateException(text, code);
            case TRANSACTION_ROLLED_BACK -> new TransactionRolledBackException(text, code);
            case SUBSCRIPTION_IN_USE, DESTINATION_IN_USE, DELIVERY_LOST, BODY_LOST, TIMEOUT, CONNECTION, INTERNAL ->
                new JMSException(text, code);
        };
        return linked(result, failure);
    }

    /** The JMS exception for what a future ended with, whatever it is wrapped in. */
    static JMSException toJms(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ProviderException known) {
            return toJms(known);
        }
        JMSException result = new JMSException("unexpected failure of the provider: " + cause, "INTERNAL");
        return cause instanceof Exception exception ? linked(result, exception) : result;
    }

    /** Links the cause in both of the ways JMS knows. */
    static <E extends JMSException> E linked(E failure, Exception cause) {
        failure.setLinkedException(cause);
        if (failure.getCause() == null && failure != cause) {
            failure.initCause(cause);
        }
        return failure;
    }
}
