package io.posthorn.jms.message;

import jakarta.jms.JMSException;

/** A body that need not be in memory: read in pieces, from anywhere. One thread at a time. */
public interface BodySource {

    /** In bytes; at least 1. */
    long length();

    /**
     * Fills an array with the bytes from a position on.
     *
     * @throws JMSException if they cannot be read
     */
    void read(long from, byte[] into) throws JMSException;
}
