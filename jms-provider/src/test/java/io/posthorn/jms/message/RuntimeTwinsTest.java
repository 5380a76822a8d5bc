package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import jakarta.jms.*;
import jakarta.jms.IllegalStateException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeTwinsTest {

    @Test
    void everyCheckedExceptionHasItsTwin() {
        Map<JMSException, Class<? extends JMSRuntimeException>> twins = new LinkedHashMap<>();
        twins.put(new JMSException("r", "c"), JMSRuntimeException.class);
        twins.put(new IllegalStateException("r", "c"), IllegalStateRuntimeException.class);
        twins.put(new InvalidClientIDException("r", "c"), InvalidClientIDRuntimeException.class);
        twins.put(new InvalidDestinationException("r", "c"), InvalidDestinationRuntimeException.class);
        twins.put(new InvalidSelectorException("r", "c"), InvalidSelectorRuntimeException.class);
        twins.put(new JMSSecurityException("r", "c"), JMSSecurityRuntimeException.class);
        twins.put(new MessageFormatException("r", "c"), MessageFormatRuntimeException.class);
        twins.put(new MessageNotWriteableException("r", "c"), MessageNotWriteableRuntimeException.class);
        twins.put(new ResourceAllocationException("r", "c"), ResourceAllocationRuntimeException.class);
        twins.put(new TransactionInProgressException("r", "c"), TransactionInProgressRuntimeException.class);
        twins.put(new TransactionRolledBackException("r", "c"), TransactionRolledBackRuntimeException.class);
        twins.put(new MessageEOFException("r", "c"), JMSRuntimeException.class);
        twins.put(new MessageNotReadableException("r", "c"), JMSRuntimeException.class);
        twins.forEach((checked, twin) -> {
            JMSRuntimeException unchecked = RuntimeTwins.unchecked(checked);
            assertSame(twin, unchecked.getClass());
            assertEquals("r", unchecked.getMessage());
            assertEquals("c", unchecked.getErrorCode());
            assertSame(checked, unchecked.getCause());
        });
    }

    @Test
    void subclassesCountAsTheirParent() {
        JMSException ours = new ResourceAllocationException("full") {
            private static final long serialVersionUID = 1L;
        };
        assertSame(
                ResourceAllocationRuntimeException.class,
                RuntimeTwins.unchecked(ours).getClass());
    }
}
