package io.posthorn.samples;

/**
 * The servers that the pipeline runs over, each a process of its own, and the disaster that it has to survive. For one thread, except
 * {@link #close}, which a shutdown hook may call too.
 */
interface Servers extends AutoCloseable {

    /** Starts them; returns when clients can connect and everything that is sent is safe. */
    void start(Progress progress) throws ServerFailedException, InterruptedException;

    /** What the connection factory needs to find them. */
    String url();

    /** The disaster, and what an operator does about it; returns when that is done. */
    void strike(Progress progress) throws ServerFailedException, InterruptedException;

    /**
     * Stops them in order.
     *
     * @throws ServerFailedException if one has ended before by itself, or does not end as it should
     */
    void stop() throws ServerFailedException, InterruptedException;

    /** Makes sure that no process is left behind. */
    @Override
    void close();
}
