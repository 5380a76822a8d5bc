package io.posthorn.server.queue;

/**
 * An expected no.
 *
 * @param text for people: what, which destination or subscription, which limit; not null
 */
public record Refusal(RefusalKind kind, String text) {}
