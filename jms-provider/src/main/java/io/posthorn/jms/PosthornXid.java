package io.posthorn.jms;

import io.posthorn.message.BranchId;
import javax.transaction.xa.Xid;

/** A branch as JTA names it, for {@link PosthornXAResource#recover}. Immutable. */
record PosthornXid(BranchId branch) implements Xid {

    @Override
    public int getFormatId() {
        return branch.formatId();
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return branch.gtrid();
    }

    @Override
    public byte[] getBranchQualifier() {
        return branch.bqual();
    }

    @Override
    public String toString() {
        return branch.toString();
    }
}
