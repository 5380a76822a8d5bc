package io.posthorn.server.queue;

import java.util.Map;

/**
 * Settings of the heart. All limits are inclusive maxima.
 *
 * @param brokerName name of the broker group; part of the names of temporary destinations
 * @param autoCreateDestinations whether queues and topics come into being at first use
 * @param hotBytesMax bytes of journalled messages kept in memory; what is beyond is read back when it is wanted
 * @param volatileBytesMax bytes of messages that live only in memory; beyond it sends of such are refused ({@code nonPersistentBytes})
 * @param transactionOperationsMax sends plus acknowledgements of one local transaction
 * @param transactionBytesMax bytes sent in one local transaction
 * @param propertiesMaxBytes bytes of a message's header fields and properties
 * @param messageMaxBytes bytes of a whole message ({@code maxMessageSize})
 * @param resumeTimeoutMs how long the state of a lost client is kept for it
 * @param dedupRetentionMs how long the numbers of a producer are remembered after its last message
 * @param destinations settings of every destination for which nothing else was set
 * @param unacknowledgedMax unsettled deliveries of one consumer; at that number it gets no more until it settles some (6.2.10)
 * @param spillBytesMax bytes of messages without a journal that lie on disk instead of in memory ({@code nonPersistentSpillBytes}); 0 = none
 */
public record HeartConfig(
        String brokerName,
        boolean autoCreateDestinations,
        long hotBytesMax,
        long volatileBytesMax,
        int transactionOperationsMax,
        long transactionBytesMax,
        int propertiesMaxBytes,
        int messageMaxBytes,
        long resumeTimeoutMs,
        long dedupRetentionMs,
        DestinationSettings destinations,
        int unacknowledgedMax,
        long spillBytesMax) {

    /** Messages beyond it come in chunks. */
    public static final int WHOLE_MAX_BYTES = 4 << 20;

    /** The documented defaults. */
    public static HeartConfig defaults(String brokerName) {
        return new HeartConfig(
                brokerName,
                true,
                256L << 20,
                256L << 20,
                100_000,
                256L << 20,
                64 << 10,
                100 << 20,
                10_000,
                24L * 3600 * 1000,
                DestinationSettings.DEFAULT,
                100_000,
                1L << 30);
    }

    public HeartConfig withAutoCreateDestinations(boolean value) {
        return new HeartConfig(
                brokerName,
                value,
                hotBytesMax,
                volatileBytesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                destinations,
                unacknowledgedMax,
                spillBytesMax);
    }

    public HeartConfig withMemory(long newHotBytesMax, long newVolatileBytesMax, int newSlowConsumerMaxMessages) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                newHotBytesMax,
                newVolatileBytesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                destinations.with(Map.of("slowConsumerMaxMessages", Integer.toString(newSlowConsumerMaxMessages))),
                unacknowledgedMax,
                spillBytesMax);
    }

    public HeartConfig withTransactionLimits(int newOperationsMax, long newBytesMax) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                newOperationsMax,
                newBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                destinations,
                unacknowledgedMax,
                spillBytesMax);
    }

    public HeartConfig withMessageLimits(int newPropertiesMaxBytes, int newMessageMaxBytes) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                transactionOperationsMax,
                transactionBytesMax,
                newPropertiesMaxBytes,
                newMessageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                destinations,
                unacknowledgedMax,
                spillBytesMax);
    }

    public HeartConfig withTimes(long newResumeTimeoutMs, long newDedupRetentionMs) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                newResumeTimeoutMs,
                newDedupRetentionMs,
                destinations,
                unacknowledgedMax,
                spillBytesMax);
    }

    public HeartConfig withDestinations(DestinationSettings newDestinations) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                newDestinations,
                unacknowledgedMax,
                spillBytesMax);
    }

    public HeartConfig withRedelivery(int newMaxDeliveries, long newRedeliveryDelayMs) {
        return withDestinations(destinations.with(Map.of(
                "maxDeliveries",
                Integer.toString(newMaxDeliveries),
                "redeliveryDelayMs",
                Long.toString(newRedeliveryDelayMs))));
    }

    public HeartConfig withUnacknowledgedMax(int newUnacknowledgedMax) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                destinations,
                newUnacknowledgedMax,
                spillBytesMax);
    }

    public HeartConfig withSpill(long newSpillBytesMax) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                destinations,
                unacknowledgedMax,
                newSpillBytesMax);
    }
}
