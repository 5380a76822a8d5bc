package io.posthorn.server.store;

import io.posthorn.message.BranchId;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import io.posthorn.server.store.JournalRecord.DecisionMade;
import io.posthorn.server.store.JournalRecord.DestinationPlaced;
import io.posthorn.server.store.JournalRecord.GroupDrained;
import io.posthorn.server.store.JournalRecord.SubscriptionGranted;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The records about the cluster: the second half of {@link RecordFields}, whose rules hold here too.
 *
 * <pre>
 * 24 DestinationPlaced    u8 kind, string name, varint n, n × (string group, u8 state, i64 sinceMs), varint n, n × (string, string)
 * 25 SubscriptionGranted  u8 flags (1 noLocal, 2 shared, 4 granted), optional clientId, string name;
 *                         when granted: u8 kind, string topic, optional selector
 * 26 GroupDrained         string group, u8 draining
 * 27 DecisionMade         branch, i64 timeMs, varint n, n × string
 * </pre>
 */
public final class ClusterFields {

    static final int FIRST = 24;
    static final int LAST = 27;

    /** Bytes of a {@link #rowKey}. */
    public static final int KEY_BYTES = 33;

    private static final int DESTINATION_PLACED = 24;
    private static final int SUBSCRIPTION_GRANTED = 25;
    private static final int GROUP_DRAINED = 26;
    private static final int DECISION_MADE = 27;

    private static final int NO_LOCAL = 1;
    private static final int SHARED = 2;
    private static final int GRANTED = 4;

    private ClusterFields() {}

    /** Which row a record is: its type, and the SHA-256 of what names it, for names may be longer than keys can be. */
    public static byte[] rowKey(ClusterRecord record) {
        ByteWriter name = new ByteWriter(64);
        int type;
        if (record instanceof DestinationPlaced r) {
            type = DESTINATION_PLACED;
            name.u8(r.name().kind().code()).string(r.name().name());
        } else if (record instanceof SubscriptionGranted r) {
            type = SUBSCRIPTION_GRANTED;
            name.optionalString(r.clientId()).string(r.name());
        } else if (record instanceof GroupDrained r) {
            type = GROUP_DRAINED;
            name.string(r.group());
        } else {
            type = DECISION_MADE;
            ((DecisionMade) record).branch().write(name);
        }
        byte[] key = new byte[KEY_BYTES];
        key[0] = (byte) type;
        System.arraycopy(sha256(name.toByteArray()), 0, key, 1, KEY_BYTES - 1);
        return key;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException never) {
            throw new StoreException("every Java has SHA-256", never);
        }
    }

    static void write(ClusterRecord record, ByteWriter out) {
        if (record instanceof DestinationPlaced r) {
            out.u8(DESTINATION_PLACED)
                    .u8(r.name().kind().code())
                    .string(r.name().name());
            out.varint(r.parts().size());
            for (PlacedPart part : r.parts()) {
                out.string(part.group()).u8(part.state().ordinal()).i64(part.sinceMs());
            }
            out.varint(r.attributes().size());
            r.attributes().forEach((name, value) -> out.string(name).string(value));
        } else if (record instanceof SubscriptionGranted r) {
            granted(r, out.u8(SUBSCRIPTION_GRANTED));
        } else if (record instanceof GroupDrained r) {
            out.u8(GROUP_DRAINED).string(r.group()).u8(r.draining() ? 1 : 0);
        } else {
            DecisionMade r = (DecisionMade) record;
            r.branch().write(out.u8(DECISION_MADE));
            out.i64(r.timeMs()).varint(r.participants().size());
            r.participants().forEach(out::string);
        }
    }

    private static void granted(SubscriptionGranted r, ByteWriter out) {
        out.u8((r.noLocal() ? NO_LOCAL : 0) | (r.shared() ? SHARED : 0) | (r.isGone() ? 0 : GRANTED));
        out.optionalString(r.clientId()).string(r.name());
        if (!r.isGone()) {
            out.u8(r.topic().kind().code()).string(r.topic().name()).optionalString(r.selector());
        }
    }

    /** @param type between {@link #FIRST} and {@link #LAST} */
    static JournalRecord read(int type, ByteReader in) {
        return switch (type) {
            case DESTINATION_PLACED -> placed(in);
            case SUBSCRIPTION_GRANTED -> granted(in);
            case GROUP_DRAINED -> new GroupDrained(in.string(), in.u8() != 0);
            default -> decision(in);
        };
    }

    private static JournalRecord placed(ByteReader in) {
        DestinationName name = name(in);
        int count = in.count();
        List<PlacedPart> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(new PlacedPart(in.string(), state(in.u8()), in.i64()));
        }
        int settings = in.count();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < settings; i++) {
            attributes.put(in.string(), in.string());
        }
        return new DestinationPlaced(name, parts, attributes);
    }

    private static PlacedPart.State state(int code) {
        if (code >= PlacedPart.State.values().length) {
            throw new MalformedMessageException("unknown state of a part: " + code);
        }
        return PlacedPart.State.values()[code];
    }

    private static JournalRecord granted(ByteReader in) {
        int flags = in.u8();
        String clientId = in.optionalString();
        String name = in.string();
        boolean granted = (flags & GRANTED) != 0;
        return new SubscriptionGranted(
                clientId,
                name,
                granted ? name(in) : null,
                granted ? in.optionalString() : null,
                (flags & NO_LOCAL) != 0,
                (flags & SHARED) != 0);
    }

    private static JournalRecord decision(ByteReader in) {
        BranchId branch = BranchId.read(in);
        long timeMs = in.i64();
        int count = in.count();
        List<String> participants = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            participants.add(in.string());
        }
        return new DecisionMade(branch, timeMs, participants);
    }

    private static DestinationName name(ByteReader in) {
        DestinationKind kind = DestinationKind.ofCode(in.u8());
        try {
            return new DestinationName(kind, in.string());
        } catch (IllegalArgumentException illegal) {
            throw new MalformedMessageException(illegal.getMessage());
        }
    }
}
