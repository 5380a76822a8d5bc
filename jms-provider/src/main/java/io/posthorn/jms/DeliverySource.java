package io.posthorn.jms;

import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.DeliverySpan;
import java.util.List;

/**
 * Where a session's deliveries come from, as far as acknowledging them is concerned: a consumer of its own, or a connection consumer that has
 * loaded them into it.
 */
interface DeliverySource {

    /** Whose delivery ids these are; null until it is open at the broker. */
    ConsumerHandle handle();

    /** Deliveries that the application has got from here and the session has not settled. Under the session's {@link DeliveryGate#lock}. */
    SpanList held();

    /** Moves what the application has not seen yet to the list, so that it can be given back in order. With the session's turn. */
    void takeBack(List<DeliverySpan> spans);
}
