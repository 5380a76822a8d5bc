package io.posthorn.server.queue;

import java.util.Map;

/**
 * Settings of the heart. All limits are inclusive maxima.
 *
 * @param brokerName name of the broker group; part of the names of temporary destinations
 * @param autoCreateDestinations whether queues and topics come into being at first use
 * @param memory how much may lie in memory
 * @param transaction how much one local transaction may hold
 * @param message how large a message may be
 * @param retention how long those who are gone are remembered
 * @param destinations settings of every destination for which nothing else was set
 * @param unacknowledgedMax unsettled deliveries of one consumer; at that number it gets no more until it settles some (6.2.10)
 */
public record HeartConfig(
        String brokerName,
        boolean autoCreateDestinations,
        Memory memory,
        Transaction transaction,
        Message message,
        Retention retention,
        DestinationSettings destinations,
        int unacknowledgedMax) {

    /** Messages beyond it come in chunks. */
    public static final int WHOLE_MAX_BYTES = 4 << 20;

    /**
     * @param hotBytesMax bytes of journalled messages kept in memory; what is beyond is read back when it is wanted
     * @param volatileBytesMax bytes of messages that live only in memory; beyond it sends of such are refused ({@code nonPersistentBytes})
     * @param spillBytesMax bytes of messages without a journal that lie on disk instead of in memory ({@code nonPersistentSpillBytes}); 0 = none
     */
    public record Memory(long hotBytesMax, long volatileBytesMax, long spillBytesMax) {}

    /**
     * @param operationsMax sends plus acknowledgements
     * @param bytesMax bytes sent
     */
    public record Transaction(int operationsMax, long bytesMax) {}

    /**
     * @param propertiesMaxBytes bytes of a message's header fields and properties
     * @param maxBytes bytes of a whole message ({@code maxMessageSize})
     */
    public record Message(int propertiesMaxBytes, int maxBytes) {}

    /**
     * @param resumeTimeoutMs how long the state of a lost client is kept for it
     * @param dedupMs how long the numbers of a producer are remembered after its last message
     */
    public record Retention(long resumeTimeoutMs, long dedupMs) {}

    /** The documented defaults. */
    public static HeartConfig defaults(String brokerName) {
        return new HeartConfig(
                brokerName,
                true,
                new Memory(256L << 20, 256L << 20, 1L << 30),
                new Transaction(100_000, 256L << 20),
                new Message(64 << 10, 100 << 20),
                new Retention(10_000, 24L * 3600 * 1000),
                DestinationSettings.DEFAULT,
                100_000);
    }

    public HeartConfig withAutoCreateDestinations(boolean value) {
        return new HeartConfig(
                brokerName, value, memory, transaction, message, retention, destinations, unacknowledgedMax);
    }

    public HeartConfig withMemory(long hotBytesMax, long volatileBytesMax, int slowConsumerMaxMessages) {
        return with(new Memory(hotBytesMax, volatileBytesMax, memory.spillBytesMax))
                .withDestinations(destinations.with(
                        Map.of("slowConsumerMaxMessages", Integer.toString(slowConsumerMaxMessages))));
    }

    public HeartConfig withSpill(long bytesMax) {
        return with(new Memory(memory.hotBytesMax, memory.volatileBytesMax, bytesMax));
    }

    private HeartConfig with(Memory value) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                value,
                transaction,
                message,
                retention,
                destinations,
                unacknowledgedMax);
    }

    public HeartConfig withTransactionLimits(int operationsMax, long bytesMax) {
        Transaction limits = new Transaction(operationsMax, bytesMax);
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                memory,
                limits,
                message,
                retention,
                destinations,
                unacknowledgedMax);
    }

    public HeartConfig withMessageLimits(int propertiesMaxBytes, int maxBytes) {
        Message limits = new Message(propertiesMaxBytes, maxBytes);
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                memory,
                transaction,
                limits,
                retention,
                destinations,
                unacknowledgedMax);
    }

    public HeartConfig withRetention(long resumeTimeoutMs, long dedupMs) {
        Retention times = new Retention(resumeTimeoutMs, dedupMs);
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                memory,
                transaction,
                message,
                times,
                destinations,
                unacknowledgedMax);
    }

    public HeartConfig withDestinations(DestinationSettings value) {
        return new HeartConfig(
                brokerName, autoCreateDestinations, memory, transaction, message, retention, value, unacknowledgedMax);
    }

    public HeartConfig withRedelivery(int maxDeliveries, long redeliveryDelayMs) {
        return withDestinations(destinations.with(Map.of(
                "maxDeliveries",
                Integer.toString(maxDeliveries),
                "redeliveryDelayMs",
                Long.toString(redeliveryDelayMs))));
    }

    public HeartConfig withUnacknowledgedMax(int value) {
        return new HeartConfig(
                brokerName, autoCreateDestinations, memory, transaction, message, retention, destinations, value);
    }
}
