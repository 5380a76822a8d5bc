package io.posthorn.ra.inbound;

/**
 * What becomes of messages that come again, as far as an activation says more than the broker does.
 *
 * @param maxDeliveries after so many tries a message becomes a dead letter; 0 = the broker's limit alone counts
 * @param delayMs before the second try; 0 = none
 * @param multiplier by which it grows with each further try; at least 1
 * @param maxDelayMs the longest; at least {@code delayMs}
 * @param deadLetterQueue where dead letters of this activation go; null for where the broker puts them
 */
record RedeliveryPolicy(int maxDeliveries, long delayMs, double multiplier, long maxDelayMs, String deadLetterQueue) {

    /** Whether a message is not to be tried another time. @param attempt the try it would be, 1 for the first */
    boolean isExhausted(int attempt) {
        return maxDeliveries > 0 && attempt > maxDeliveries;
    }

    /** How long a try waits. @param attempt 1 for the first, which never does */
    long delayBeforeMs(int attempt) {
        if (attempt <= 1 || delayMs == 0) {
            return 0;
        }
        double delay = delayMs * Math.pow(multiplier, attempt - 2);
        return delay < maxDelayMs ? (long) delay : maxDelayMs;
    }
}
