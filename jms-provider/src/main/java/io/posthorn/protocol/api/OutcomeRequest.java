package io.posthorn.protocol.api;

/** Asks how a local transaction ended (code OUTCOME), after its commit went unanswered. */
public record OutcomeRequest(long producerId, long txSequence) {}
