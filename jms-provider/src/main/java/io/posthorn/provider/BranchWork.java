package io.posthorn.provider;

/** The provider's side of what one session does in a branch between a start and an end. Opaque to the JMS classes. */
public interface BranchWork {}
