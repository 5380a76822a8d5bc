package io.posthorn.server.queue;

import javax.transaction.xa.XAResource;

/**
 * How a verb on a branch ended, as the XA specification says it.
 *
 * @param code XA_OK, XA_RDONLY, or the error code of an {@link javax.transaction.xa.XAException}
 * @param text for people; empty when there is nothing to say
 */
public record BranchAnswer(int code, String text) {

    static final BranchAnswer OK = new BranchAnswer(XAResource.XA_OK, "");
    static final BranchAnswer READ_ONLY = new BranchAnswer(XAResource.XA_RDONLY, "");
}
