package io.posthorn.testing;

import java.util.Arrays;
import java.util.HexFormat;
import javax.transaction.xa.Xid;

/** A branch as a transaction manager would name it. */
public record TestXid(int formatId, byte[] gtrid, byte[] bqual) implements Xid {

    /** A copy of whatever Xid. */
    public static TestXid of(Xid xid) {
        return new TestXid(xid.getFormatId(), xid.getGlobalTransactionId(), xid.getBranchQualifier());
    }

    /** What {@link #toString} wrote. */
    public static TestXid parse(String text) {
        String[] parts = text.split("_", -1);
        HexFormat hex = HexFormat.of();
        return new TestXid(Integer.parseInt(parts[0]), hex.parseHex(parts[1]), hex.parseHex(parts[2]));
    }

    @Override
    public int getFormatId() {
        return formatId;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return gtrid;
    }

    @Override
    public byte[] getBranchQualifier() {
        return bqual;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TestXid that
                && formatId == that.formatId
                && Arrays.equals(gtrid, that.gtrid)
                && Arrays.equals(bqual, that.bqual);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(gtrid) * 31 + Arrays.hashCode(bqual);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return formatId + "_" + hex.formatHex(gtrid) + "_" + hex.formatHex(bqual);
    }
}
