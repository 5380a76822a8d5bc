package io.posthorn.provider;

/** Receives what the broker delivers to one consumer, on an I/O thread; must not block. */
public interface DeliveryListener {

    /** In order of delivery id. */
    void delivered(Delivered delivered);

    /** All deliveries decoded from one read have been handed over: a good moment to wake a reader once. */
    void endOfBatch();

    /**
     * The connection to the broker was lost and the consumer is being opened again. Deliveries that were not handed to the
     * application are void: forget them. The provider restates those handed over and not settled; delivery ids go on
     * counting, and the provider translates them.
     *
     * <p>Returns the highest delivery id handed to the application; 0 for none.
     */
    long interrupted();

    /** Consumer is open again; grant credit anew. */
    void resumed();

    /** The broker has closed the consumer, or it could not be opened again. No further calls. */
    void closed(ProviderException reason);
}
