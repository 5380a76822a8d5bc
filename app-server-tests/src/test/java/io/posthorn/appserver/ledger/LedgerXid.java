package io.posthorn.appserver.ledger;

import java.util.HexFormat;
import javax.transaction.xa.Xid;

/** A branch's name as part of a file name. Equal when the branch is the same. */
record LedgerXid(int formatId, String global, String branch) implements Xid {

    private static final char SEPARATOR = '_';

    static LedgerXid of(Xid xid) {
        HexFormat hex = HexFormat.of();
        return new LedgerXid(
                xid.getFormatId(),
                hex.formatHex(xid.getGlobalTransactionId()),
                hex.formatHex(xid.getBranchQualifier()));
    }

    static LedgerXid parse(String text) {
        String[] parts = text.split(String.valueOf(SEPARATOR), -1);
        return new LedgerXid(Integer.parseInt(parts[0]), parts[1], parts[2]);
    }

    @Override
    public int getFormatId() {
        return formatId;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return HexFormat.of().parseHex(global);
    }

    @Override
    public byte[] getBranchQualifier() {
        return HexFormat.of().parseHex(branch);
    }

    @Override
    public String toString() {
        return Integer.toString(formatId) + SEPARATOR + global + SEPARATOR + branch;
    }
}
