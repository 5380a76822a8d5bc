package io.posthorn.protocol.api;

/**
 * Answer to {@link OutcomeRequest}.
 *
 * @param committed true when the commit is durable; false means that it is rolled back, now and for ever
 */
public record OutcomeResponse(boolean committed) {}
