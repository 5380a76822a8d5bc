package io.posthorn.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * A message as bytes: written once by its sender, then carried, stored and delivered without change. Immutable; any
 * thread may use it. The broker reads the fixed fields in place and parses the rest only when a selector asks.
 *
 * <pre>
 *  0  i32  H = length of the head, this field included
 *  4  u8   format version, 1
 *  5  u8   body type ({@link BodyType})
 *  6  u16  flags: 1 persistent · 2 body is null · 4 has message id · 8 has reply-to · 16 has correlation id (text)
 *                 32 has correlation id (bytes) · 64 has type · 128 has a group (text property JMSXGroupID, not empty)
 *                 256 applications see timestamp 0 · 512 the body is a {@link LargeBody}, which tells where the real one lies
 *  8  u8   priority 0–9
 *  9  u8   destination kind
 * 10  i64  timestamp, ms       (the sender's clock, as are the next two)
 * 18  i64  expiration, ms, 0 = never
 * 26  i64  delivery time, ms
 * 34  i64  message id: producer id
 * 42  i64  message id: sequence
 * 50  string destination name
 *     [u8 kind, string name]   reply-to
 *     [string | bytes]         correlation id
 *     [string]                 type
 *     varint count, then per property: string name, typed value
 *  H  body, to the end
 * </pre>
 */
public final class EncodedMessage {

    /** The format this code writes. */
    public static final int FORMAT_VERSION = 1;

    /** Where the sender's timestamp lies, for those who have the bytes of a head only; see the diagram. */
    public static final int TIMESTAMP_AT = 10;

    /** Likewise the expiration. */
    public static final int EXPIRATION_AT = 18;

    /** Behind the times. */
    public static final int TIMES_END = 34;

    private static final int FIXED_BYTES = 50;
    private static final int FLAG_PERSISTENT = 1;
    private static final int FLAG_BODY_NULL = 2;
    private static final int FLAG_ID = 4;
    private static final int FLAG_REPLY_TO = 8;
    private static final int FLAG_CORRELATION_TEXT = 16;
    private static final int FLAG_CORRELATION_BYTES = 32;
    private static final int FLAG_TYPE = 64;
    private static final int FLAG_GROUP = 128;
    private static final int FLAG_TIMESTAMP_HIDDEN = 256;
    private static final int FLAG_LARGE = 512;
    private static final int FLAGS_AT = 6;
    private static final String GROUP_ID = "JMSXGroupID";
    private static final String GROUP_SEQUENCE = "JMSXGroupSeq";

    private final byte[] bytes;
    private final int headLength;
    /** Where the body is, if it was left there; else null. */
    private final MessagePlace place;

    // Caches of parsed parts. Benign races: each value is immutable once published, and parsing again gives an equal
    // one.
    private volatile DestinationName destination;
    private volatile Map<String, Object> properties;

    private EncodedMessage(byte[] bytes, int headLength) {
        this(bytes, headLength, null);
    }

    private EncodedMessage(byte[] bytes, int headLength, MessagePlace place) {
        this.bytes = bytes;
        this.headLength = headLength;
        this.place = place;
    }

    /**
     * Encodes a message.
     *
     * @param head header and properties; its destination must be set
     * @param body body bytes, copied; not null, empty when there is none
     * @throws IllegalArgumentException if a property's type has no encoding
     */
    public static EncodedMessage encode(MessageHead head, byte[] body) {
        return encode(head, body, 0, body.length);
    }

    /** As {@link #encode(MessageHead, byte[])}, with a part of an array as the body. */
    public static EncodedMessage encode(MessageHead head, byte[] body, int from, int length) {
        ByteWriter out = new ByteWriter(192 + 24 * head.properties().size());
        int flags = (head.persistent() ? FLAG_PERSISTENT : 0)
                | (head.bodyNull() ? FLAG_BODY_NULL : 0)
                | (head.messageId() != null ? FLAG_ID : 0)
                | (head.replyTo() != null ? FLAG_REPLY_TO : 0)
                | (head.correlationId() != null ? FLAG_CORRELATION_TEXT : 0)
                | (head.correlationBytes() != null ? FLAG_CORRELATION_BYTES : 0)
                | (head.type() != null ? FLAG_TYPE : 0)
                | (hasGroup(head.properties()) ? FLAG_GROUP : 0)
                | (head.timestampHidden() ? FLAG_TIMESTAMP_HIDDEN : 0);
        MessageId id = head.messageId();
        out.i32(0).u8(FORMAT_VERSION).u8(head.bodyType().code()).u16(flags).u8(head.priority());
        out.u8(head.destination().kind().code());
        out.i64(head.timestampMs()).i64(head.expirationMs()).i64(head.deliveryTimeMs());
        out.i64(id == null ? 0 : id.producerId()).i64(id == null ? 0 : id.sequence());
        out.string(head.destination().name());
        if (head.replyTo() != null) {
            out.u8(head.replyTo().kind().code()).string(head.replyTo().name());
        }
        if (head.correlationId() != null) {
            out.string(head.correlationId());
        }
        if (head.correlationBytes() != null) {
            out.bytes(head.correlationBytes());
        }
        if (head.type() != null) {
            out.string(head.type());
        }
        out.varint(head.properties().size());
        for (Map.Entry<String, Object> property : head.properties().entrySet()) {
            out.string(property.getKey());
            TypedValue.write(out, property.getValue());
        }
        int headLength = out.size();
        out.setI32(0, headLength);
        // The body goes straight into the array of the final size: copied once.
        byte[] bytes = Arrays.copyOf(out.array(), Math.addExact(headLength, length));
        System.arraycopy(body, from, bytes, headLength, length);
        return new EncodedMessage(bytes, headLength);
    }

    /**
     * Takes over bytes that came from the wire or from disk, and checks the fixed part.
     *
     * @param bytes the whole message; the caller must not change them afterwards
     * @throws MalformedMessageException if they are not a message of a known format
     */
    public static EncodedMessage wrap(byte[] bytes) {
        if (bytes.length < FIXED_BYTES + 2) {
            throw new MalformedMessageException("a message of " + bytes.length + " bytes is too short");
        }
        ByteReader in = new ByteReader(bytes);
        int headLength = in.i32();
        int version = in.u8();
        if (version != FORMAT_VERSION) {
            throw new MalformedMessageException("message format " + version + ", this release reads " + FORMAT_VERSION);
        }
        if (headLength < FIXED_BYTES + 2 || headLength > bytes.length) {
            throw new MalformedMessageException("head of " + headLength + " bytes in a message of " + bytes.length);
        }
        BodyType.ofCode(in.u8());
        EncodedMessage message = new EncodedMessage(bytes, headLength);
        if (message.priority() > 9) {
            throw new MalformedMessageException("priority " + message.priority());
        }
        message.destination();
        return message;
    }

    /**
     * Takes over the head of a message whose body is left where it lies. Everything but the body can be asked of it; whoever needs that
     * has to get the whole message.
     *
     * @param head  all bytes of the head and none of the body; the caller must not change them afterwards
     * @param place where the message lies; not null
     * @throws MalformedMessageException if they are not the head of a message of a known format that is longer than its head
     */
    public static EncodedMessage wrapHead(byte[] head, MessagePlace place) {
        EncodedMessage message = wrap(head);
        if (message.headLength != head.length || place.size() <= head.length) {
            throw new MalformedMessageException(
                    "a head of " + head.length + " bytes for a message of " + place.size() + " bytes");
        }
        return new EncodedMessage(head, message.headLength, place);
    }

    /** Whether the body is here; if not, {@link #place} tells where it is. */
    public boolean isWhole() {
        return place == null;
    }

    /** Where the message lies whose head this is; null when it is whole. */
    public MessagePlace place() {
        return place;
    }

    /** How many bytes of it are here: all, or those of its head. */
    public int heldBytes() {
        return bytes.length;
    }

    /**
     * Walks the whole head, so that nothing that is read from it later can fail; {@link #wrap} looks at the fixed part only.
     *
     * @throws MalformedMessageException if a field or property is malformed
     */
    public void validate() {
        ByteReader in = optionalFields(new MessageHead());
        int count = in.count();
        for (int i = 0; i < count; i++) {
            in.skip(in.count());
            TypedValue.skip(in);
        }
        if (isLarge()) {
            largeBody();
        }
    }

    /**
     * The bytes themselves; do not change them.
     *
     * @throws IllegalStateException if the body is not here
     */
    public byte[] bytes() {
        requireWhole();
        return bytes;
    }

    /** Length of the whole message in bytes, wherever its body is. */
    public int size() {
        return place == null ? bytes.length : place.size();
    }

    public int headLength() {
        return headLength;
    }

    public int bodyLength() {
        return size() - headLength;
    }

    /**
     * A copy of the body.
     *
     * @throws IllegalStateException if it is not here
     */
    public byte[] body() {
        requireWhole();
        return Arrays.copyOfRange(bytes, headLength, bytes.length);
    }

    /** Whether the body lies elsewhere, where {@link #largeBody} tells. */
    public boolean isLarge() {
        return (flags() & FLAG_LARGE) != 0;
    }

    /**
     * Where the body of a large message lies.
     *
     * @throws MalformedMessageException if the message does not say it in a way that makes sense
     */
    public LargeBody largeBody() {
        requireWhole();
        return LargeBody.decode(bytes, headLength, bodyLength());
    }

    /** The same head with this body, which lies elsewhere. */
    public EncodedMessage withLargeBody(LargeBody body) {
        return withBody(body.encode(), flags() | FLAG_LARGE);
    }

    /** The same head with this body; copied. */
    public EncodedMessage withBody(byte[] body) {
        return withBody(body, flags() & ~FLAG_LARGE);
    }

    private EncodedMessage withBody(byte[] body, int flags) {
        byte[] changed = Arrays.copyOf(bytes, Math.addExact(headLength, body.length));
        System.arraycopy(body, 0, changed, headLength, body.length);
        BigEndian.put16(changed, FLAGS_AT, flags);
        return new EncodedMessage(changed, headLength);
    }

    public BodyType bodyType() {
        return BodyType.ofCode(bytes[5] & 0xff);
    }

    public boolean persistent() {
        return (flags() & FLAG_PERSISTENT) != 0;
    }

    public boolean bodyNull() {
        return (flags() & FLAG_BODY_NULL) != 0;
    }

    public int priority() {
        return bytes[8] & 0xff;
    }

    /** When send was called; always there, because expiry and delay are reckoned from it. */
    public long timestampMs() {
        return i64(10);
    }

    /** Whether the sender left the timestamp out: applications and selectors then see 0. */
    public boolean timestampHidden() {
        return (flags() & FLAG_TIMESTAMP_HIDDEN) != 0;
    }

    public long expirationMs() {
        return i64(18);
    }

    public long deliveryTimeMs() {
        return i64(26);
    }

    /** The id its sender gave it, or null when the sender left it out. */
    public MessageId messageId() {
        return (flags() & FLAG_ID) == 0 ? null : new MessageId(i64(34), i64(42));
    }

    public DestinationName destination() {
        DestinationName known = destination;
        if (known == null) {
            known = readName(
                    DestinationKind.ofCode(bytes[9] & 0xff),
                    new ByteReader(bytes, FIXED_BYTES, headLength - FIXED_BYTES));
            destination = known;
        }
        return known;
    }

    /** Whether it belongs to a message group. */
    public boolean isGrouped() {
        return (bytes[7] & FLAG_GROUP) != 0;
    }

    /**
     * Its message group, the text property JMSXGroupID (3.5.9).
     *
     * @return null when it has none
     */
    public String groupId() {
        if (!isGrouped()) {
            return null;
        }
        // Whoever claims a group and does not name it shares the one without a name.
        return property(GROUP_ID) instanceof String id ? id : "";
    }

    /** Whether it ends its group, by a JMSXGroupSeq of -1. */
    public boolean endsGroup() {
        return isGrouped() && property(GROUP_SEQUENCE) instanceof Integer sequence && sequence == -1;
    }

    /** The properties, unmodifiable; parsed at the first call. */
    public Map<String, Object> properties() {
        Map<String, Object> known = properties;
        if (known == null) {
            ByteReader in = afterOptionalFields();
            int count = in.count();
            Map<String, Object> parsed = new HashMap<>(Math.max(4, count * 2));
            for (int i = 0; i < count; i++) {
                parsed.put(in.string(), TypedValue.read(in));
            }
            known = Collections.unmodifiableMap(parsed);
            properties = known;
        }
        return known;
    }

    /**
     * What a selector sees under a name (Jakarta Messaging 3.1, 3.8.1.1): JMSDeliveryMode as {@code "PERSISTENT"} or
     * {@code "NON_PERSISTENT"}, JMSPriority as Integer, JMSTimestamp as Long, JMSMessageID, JMSCorrelationID and JMSType
     * as String, every other name as the property of that name. Unless {@link #properties()} was called before, it looks
     * the name up in the bytes and keeps nothing.
     *
     * @return null when there is no such value
     * @throws MalformedMessageException if the head is not what its sender's format says
     */
    public Object selectorValue(String identifier) {
        if (identifier.startsWith("JMS")) {
            switch (identifier) {
                case "JMSDeliveryMode":
                    return persistent() ? "PERSISTENT" : "NON_PERSISTENT";
                case "JMSPriority":
                    return priority();
                case "JMSTimestamp":
                    return timestampHidden() ? 0L : timestampMs();
                case "JMSMessageID":
                    MessageId id = messageId();
                    return id == null ? null : id.toString();
                case "JMSCorrelationID":
                    return optionalFieldsOnly().correlationText();
                case "JMSType":
                    return optionalFieldsOnly().type();
                default:
                    break;
            }
        }
        Map<String, Object> known = properties;
        return known != null ? known.get(identifier) : findProperty(identifier);
    }

    /** A new, mutable copy of all header fields and properties. */
    public MessageHead head() {
        MessageHead head = new MessageHead();
        head.bodyType(bodyType());
        head.bodyNull(bodyNull());
        head.persistent(persistent());
        head.priority(priority());
        head.timestampMs(timestampMs());
        head.timestampHidden(timestampHidden());
        head.expirationMs(expirationMs());
        head.deliveryTimeMs(deliveryTimeMs());
        head.messageId(messageId());
        head.destination(destination());
        ByteReader in = optionalFields(head);
        int count = in.count();
        for (int i = 0; i < count; i++) {
            head.properties().put(in.string(), TypedValue.read(in));
        }
        return head;
    }

    @Override
    public String toString() {
        return "EncodedMessage[" + messageId() + " to " + destination() + ", " + size() + " bytes]";
    }

    private void requireWhole() {
        if (place != null) {
            throw new IllegalStateException("the body of " + this + " is not here");
        }
    }

    private static boolean hasGroup(Map<String, Object> properties) {
        return !properties.isEmpty() && properties.get(GROUP_ID) instanceof String id && !id.isEmpty();
    }

    private Object property(String name) {
        try {
            return selectorValue(name);
        } catch (MalformedMessageException unreadable) {
            return null;
        }
    }

    private MessageHead optionalFieldsOnly() {
        MessageHead head = new MessageHead();
        optionalFields(head);
        return head;
    }

    private Object findProperty(String name) {
        ByteReader in = afterOptionalFields();
        Object found = null;
        for (int left = in.count(); left > 0; left--) {
            int length = in.count();
            boolean same = isAt(in.position(), length, name);
            in.skip(length);
            if (same) {
                found = TypedValue.read(in);
            } else {
                TypedValue.skip(in);
            }
        }
        return found;
    }

    private boolean isAt(int at, int length, String name) {
        if (length < name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > 0x7f) {
                return name.equals(new String(bytes, at, length, StandardCharsets.UTF_8));
            }
            if (bytes[at + i] != c) {
                return false;
            }
        }
        return length == name.length();
    }

    private ByteReader afterOptionalFields() {
        int flags = flags();
        ByteReader in = new ByteReader(bytes, FIXED_BYTES, headLength - FIXED_BYTES);
        in.skip(in.count());
        if ((flags & FLAG_REPLY_TO) != 0) {
            in.skip(1);
            in.skip(in.count());
        }
        if ((flags & FLAG_CORRELATION_TEXT) != 0) {
            in.skip(in.count());
        }
        if ((flags & FLAG_CORRELATION_BYTES) != 0) {
            in.skip(in.count());
        }
        if ((flags & FLAG_TYPE) != 0) {
            in.skip(in.count());
        }
        return in;
    }

    private ByteReader optionalFields(MessageHead into) {
        int flags = flags();
        ByteReader in = new ByteReader(bytes, FIXED_BYTES, headLength - FIXED_BYTES);
        in.skip(in.count());
        if ((flags & FLAG_REPLY_TO) != 0) {
            into.replyTo(readName(DestinationKind.ofCode(in.u8()), in));
        }
        if ((flags & FLAG_CORRELATION_TEXT) != 0) {
            into.correlationId(in.string());
        }
        if ((flags & FLAG_CORRELATION_BYTES) != 0) {
            into.correlationBytes(in.bytes());
        }
        if ((flags & FLAG_TYPE) != 0) {
            into.type(in.string());
        }
        return in;
    }

    private static DestinationName readName(DestinationKind kind, ByteReader in) {
        try {
            return new DestinationName(kind, in.string());
        } catch (IllegalArgumentException illegal) {
            throw new MalformedMessageException(illegal.getMessage());
        }
    }

    private int flags() {
        return BigEndian.get16(bytes, FLAGS_AT);
    }

    private long i64(int at) {
        return new ByteReader(bytes, at, 8).i64();
    }
}
