package io.posthorn.server.queue;

/**
 * Settings of the heart. All limits are inclusive maxima.
 *
 * @param brokerName name of the broker group; part of the names of temporary destinations
 * @param autoCreateDestinations whether queues and topics come into being at first use
 * @param hotBytesMax bytes of journalled messages kept in memory; what is beyond is read back when it is wanted
 * @param volatileBytesMax bytes of messages that live only in memory; beyond it sends of such are refused ({@code nonPersistentBytes})
 * @param subscriptionMessagesMax messages kept for a non-durable subscription; beyond it its oldest non-persistent ones are dropped
 * @param transactionOperationsMax sends plus acknowledgements of one local transaction
 * @param transactionBytesMax bytes sent in one local transaction
 * @param propertiesMaxBytes bytes of a message's header fields and properties
 * @param messageMaxBytes bytes of a whole message ({@code maxMessageSize})
 * @param resumeTimeoutMs how long the state of a lost client is kept for it
 * @param dedupRetentionMs how long the numbers of a producer are remembered after its last message
 * @param maxDeliveries how often a message is handed over before it becomes a dead letter; 0 = without end
 * @param redeliveryDelayMs how long a message that comes back after having been handed over waits; 0 = not at all
 * @param unacknowledgedMax unsettled deliveries of one consumer; at that number it gets no more until it settles some (6.2.10)
 */
public record HeartConfig(
        String brokerName,
        boolean autoCreateDestinations,
        long hotBytesMax,
        long volatileBytesMax,
        int subscriptionMessagesMax,
        int transactionOperationsMax,
        long transactionBytesMax,
        int propertiesMaxBytes,
        int messageMaxBytes,
        long resumeTimeoutMs,
        long dedupRetentionMs,
        int maxDeliveries,
        long redeliveryDelayMs,
        int unacknowledgedMax) {

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
                100_000,
                256L << 20,
                64 << 10,
                100 << 20,
                10_000,
                24L * 3600 * 1000,
                10,
                0,
                100_000);
    }

    public HeartConfig withAutoCreateDestinations(boolean value) {
        return new HeartConfig(
                brokerName,
                value,
                hotBytesMax,
                volatileBytesMax,
                subscriptionMessagesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                maxDeliveries,
                redeliveryDelayMs,
                unacknowledgedMax);
    }

    public HeartConfig withMemory(long newHotBytesMax, long newVolatileBytesMax, int newSubscriptionMessagesMax) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                newHotBytesMax,
                newVolatileBytesMax,
                newSubscriptionMessagesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                maxDeliveries,
                redeliveryDelayMs,
                unacknowledgedMax);
    }

    public HeartConfig withTransactionLimits(int newOperationsMax, long newBytesMax) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                subscriptionMessagesMax,
                newOperationsMax,
                newBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                maxDeliveries,
                redeliveryDelayMs,
                unacknowledgedMax);
    }

    public HeartConfig withMessageLimits(int newPropertiesMaxBytes, int newMessageMaxBytes) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                subscriptionMessagesMax,
                transactionOperationsMax,
                transactionBytesMax,
                newPropertiesMaxBytes,
                newMessageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                maxDeliveries,
                redeliveryDelayMs,
                unacknowledgedMax);
    }

    public HeartConfig withTimes(long newResumeTimeoutMs, long newDedupRetentionMs) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                subscriptionMessagesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                newResumeTimeoutMs,
                newDedupRetentionMs,
                maxDeliveries,
                redeliveryDelayMs,
                unacknowledgedMax);
    }

    public HeartConfig withRedelivery(int newMaxDeliveries, long newRedeliveryDelayMs) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                subscriptionMessagesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                newMaxDeliveries,
                newRedeliveryDelayMs,
                unacknowledgedMax);
    }

    public HeartConfig withUnacknowledgedMax(int newUnacknowledgedMax) {
        return new HeartConfig(
                brokerName,
                autoCreateDestinations,
                hotBytesMax,
                volatileBytesMax,
                subscriptionMessagesMax,
                transactionOperationsMax,
                transactionBytesMax,
                propertiesMaxBytes,
                messageMaxBytes,
                resumeTimeoutMs,
                dedupRetentionMs,
                maxDeliveries,
                redeliveryDelayMs,
                newUnacknowledgedMax);
    }
}
