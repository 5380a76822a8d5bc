package io.posthorn.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Identity of a branch of a global transaction (XA specification, 3.2): what a transaction manager calls an Xid, free of its class.
 * Immutable; any thread.
 *
 * <pre>
 * i32 formatId · varint length, gtrid (1 to 64 bytes) · varint length, bqual (0 to 64 bytes)
 * </pre>
 */
public final class BranchId {

    /** Most bytes of either part. */
    public static final int PART_MAX_BYTES = 64;

    /** "PHGT": Posthorn's transactions over several broker groups. */
    private static final int GROUPS_FORMAT = 0x50484754;

    private final int formatId;
    private final byte[] gtrid;
    private final byte[] bqual;

    /**
     * Takes copies of the arrays.
     *
     * @param formatId not -1, which stands for no Xid
     * @throws IllegalArgumentException if a part is too long, the global part empty, or the format -1
     */
    public BranchId(int formatId, byte[] gtrid, byte[] bqual) {
        if (formatId == -1) {
            throw new IllegalArgumentException("a branch with format -1, which stands for none");
        }
        if (gtrid.length < 1 || gtrid.length > PART_MAX_BYTES || bqual.length > PART_MAX_BYTES) {
            throw new IllegalArgumentException("a branch with parts of " + gtrid.length + " and " + bqual.length
                    + " bytes; 1 to 64 and 0 to 64 are possible");
        }
        this.formatId = formatId;
        this.gtrid = gtrid.clone();
        this.bqual = bqual.clone();
    }

    /**
     * The branch that the client library makes of what a transaction has done at one of several broker groups; no transaction manager's.
     *
     * @param transaction random bytes, the same at all groups
     * @param coordinator brokerName of the group that decides, at most 64 ASCII characters
     */
    public static BranchId ofGroups(byte[] transaction, String coordinator) {
        return new BranchId(GROUPS_FORMAT, transaction, coordinator.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether it is of {@link #ofGroups}. */
    public boolean isOfGroups() {
        return formatId == GROUPS_FORMAT;
    }

    /** The coordinator of one that {@link #isOfGroups}. */
    public String coordinator() {
        return new String(bqual, StandardCharsets.US_ASCII);
    }

    public int formatId() {
        return formatId;
    }

    /** A copy. */
    public byte[] gtrid() {
        return gtrid.clone();
    }

    /** A copy. */
    public byte[] bqual() {
        return bqual.clone();
    }

    public void write(ByteWriter out) {
        out.i32(formatId).bytes(gtrid).bytes(bqual);
    }

    /** @throws MalformedMessageException if the bytes are no branch */
    public static BranchId read(ByteReader in) {
        int format = in.i32();
        byte[] global = part(in);
        byte[] branch = part(in);
        try {
            return new BranchId(format, global, branch);
        } catch (IllegalArgumentException illegal) {
            throw new MalformedMessageException(illegal.getMessage());
        }
    }

    private static byte[] part(ByteReader in) {
        int length = in.count();
        if (length > PART_MAX_BYTES) {
            throw new MalformedMessageException("a branch part of " + length + " bytes");
        }
        return in.raw(length);
    }

    /**
     * Reads what {@link #toString} has written.
     *
     * @throws IllegalArgumentException if it is none of that
     */
    public static BranchId parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length == 3) {
            try {
                HexFormat hex = HexFormat.of();
                return new BranchId(
                        Integer.parseUnsignedInt(parts[0], 16), hex.parseHex(parts[1]), hex.parseHex(parts[2]));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("\"" + text + "\" is no branch: " + wrong.getMessage(), wrong);
            }
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is no branch: it has the form format:gtrid:bqual, all three in hexadecimal");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BranchId that
                && formatId == that.formatId
                && Arrays.equals(gtrid, that.gtrid)
                && Arrays.equals(bqual, that.bqual);
    }

    @Override
    public int hashCode() {
        return (formatId * 31 + Arrays.hashCode(gtrid)) * 31 + Arrays.hashCode(bqual);
    }

    /** {@code format:gtrid:bqual}, the parts in hexadecimal. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return Integer.toHexString(formatId) + ":" + hex.formatHex(gtrid) + ":" + hex.formatHex(bqual);
    }
}
