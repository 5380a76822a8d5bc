package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {

    @ParameterizedTest
    @EnumSource
    void everyKindHasItsExceptionWithCauseAndCode(ProviderException.Kind kind) {
        ProviderException failure = new ProviderException(kind, "the text");
        JMSException jms = Failures.toJms(new ExecutionException(new CompletionException(failure)));
        assertSame(expected(kind), jms.getClass());
        assertEquals("the text", jms.getMessage());
        assertEquals(kind.name(), jms.getErrorCode());
        assertSame(failure, jms.getCause());
        assertSame(failure, jms.getLinkedException());
    }

    private static Class<? extends JMSException> expected(ProviderException.Kind kind) {
        return switch (kind) {
            case SECURITY -> JMSSecurityException.class;
            case INVALID_CLIENT_ID -> InvalidClientIDException.class;
            case INVALID_DESTINATION, NOT_PLACED, UNKNOWN_SUBSCRIPTION -> InvalidDestinationException.class;
            case INVALID_SELECTOR -> InvalidSelectorException.class;
            case INVALID_MESSAGE -> MessageFormatException.class;
            case RESOURCE, IN_DOUBT -> ResourceAllocationException.class;
            case ILLEGAL_STATE, CLOSED -> IllegalStateException.class;
            case TRANSACTION_ROLLED_BACK -> TransactionRolledBackException.class;
            default -> JMSException.class;
        };
    }
}
