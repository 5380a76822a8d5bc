package io.posthorn.jms.message;

import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.ResourceAllocationRuntimeException;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.TransactionRolledBackRuntimeException;

/** The unchecked exceptions that the simplified API throws where the classic one throws checked ones (10.2). */
public final class RuntimeTwins {

    private RuntimeTwins() {}

    /**
     * The unchecked exception that says the same: text and error code are kept, the given one is the cause. Kinds
     * without a twin (MessageEOFException, MessageNotReadableException) become a plain JMSRuntimeException.
     */
    public static JMSRuntimeException unchecked(JMSException checked) {
        String text = checked.getMessage();
        String code = checked.getErrorCode();
        if (checked instanceof IllegalStateException) {
            return new IllegalStateRuntimeException(text, code, checked);
        }
        if (checked instanceof InvalidDestinationException) {
            return new InvalidDestinationRuntimeException(text, code, checked);
        }
        if (checked instanceof InvalidSelectorException) {
            return new InvalidSelectorRuntimeException(text, code, checked);
        }
        if (checked instanceof InvalidClientIDException) {
            return new InvalidClientIDRuntimeException(text, code, checked);
        }
        if (checked instanceof JMSSecurityException) {
            return new JMSSecurityRuntimeException(text, code, checked);
        }
        if (checked instanceof MessageFormatException) {
            return new MessageFormatRuntimeException(text, code, checked);
        }
        if (checked instanceof MessageNotWriteableException) {
            return new MessageNotWriteableRuntimeException(text, code, checked);
        }
        if (checked instanceof ResourceAllocationException) {
            return new ResourceAllocationRuntimeException(text, code, checked);
        }
        if (checked instanceof TransactionInProgressException) {
            return new TransactionInProgressRuntimeException(text, code, checked);
        }
        if (checked instanceof TransactionRolledBackException) {
            return new TransactionRolledBackRuntimeException(text, code, checked);
        }
        return new JMSRuntimeException(text, code, checked);
    }
}
