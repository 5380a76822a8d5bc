package io.posthorn.server.store;

/**
 * Asks the deep store which messages have expired, by time, lane and offset.
 *
 * @param afterMs time, lane and offset of the last one that is not wanted
 * @param untilMs latest time
 * @param max     so many at most
 */
public record ExpiredRequest(long afterMs, long afterLane, long afterOffset, long untilMs, int max) {}
