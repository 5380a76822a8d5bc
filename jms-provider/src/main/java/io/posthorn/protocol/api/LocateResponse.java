package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Answer to LOCATE.
 *
 * <pre>
 * varint version · varint count · count × (varint count · count × (string group · u8 state))
 * </pre>
 *
 * @param version changes whenever a location does
 * @param locations of the names asked for, in their order
 */
public record LocateResponse(long version, List<Location> locations) {

    private static final int PART_MIN_BYTES = 2;

    /** What a broker group is to a destination; the order is the code. */
    public enum State {
        /** Read and written. */
        ACTIVE,
        /** To be read already, written soon. */
        JOINING,
        /** Only read, until it is empty. */
        LEAVING
    }

    /** A broker group that holds a part of a destination. */
    public record Part(String group, State state) {}

    /** Where one destination lies. @param parts empty when it lies nowhere */
    public record Location(List<Part> parts) {}

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, version);
        WireBuf.writeCount(out, locations.size());
        for (Location location : locations) {
            WireBuf.writeCount(out, location.parts.size());
            for (Part part : location.parts) {
                WireBuf.writeString(out, part.group);
                out.writeByte(part.state.ordinal());
            }
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static LocateResponse decode(ByteBuf in) {
        long version = WireBuf.readVarint(in);
        int count = WireBuf.readCount(in, 1);
        List<Location> locations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int parts = WireBuf.readCount(in, PART_MIN_BYTES);
            List<Part> list = new ArrayList<>(parts);
            for (int j = 0; j < parts; j++) {
                list.add(new Part(WireBuf.readString(in), state(WireBuf.readU8(in))));
            }
            locations.add(new Location(list));
        }
        return new LocateResponse(version, locations);
    }

    private static State state(int code) {
        if (code >= State.values().length) {
            throw new ProtocolException("unknown state of a part: " + code);
        }
        return State.values()[code];
    }
}
