package io.posthorn.provider;

/**
 * How a verb on a branch ended, as the XA specification says it.
 *
 * @param code 0 XA_OK, 3 XA_RDONLY, otherwise the error code of an {@code XAException}
 * @param text for people; not null
 */
public record BranchReply(int code, String text) {}
