package io.posthorn.message;

/** What the body bytes of a message mean. */
public enum BodyType {
    /** A plain message without a body. */
    NONE(0),
    /** UTF-8 text. */
    TEXT(1),
    /** Bytes as they are. */
    BYTES(2),
    /** A Java serialization stream. */
    OBJECT(3),
    /** Varint count, then per entry a string and a typed value. */
    MAP(4),
    /** Typed values back to back until the end. */
    STREAM(5);

    private static final BodyType[] BY_CODE = values();

    private final int code;

    BodyType(int code) {
        this.code = code;
    }

    /** The number that stands for this type on the wire and on disk; never changes. */
    public int code() {
        return code;
    }

    /** @throws MalformedMessageException if no type has this code */
    public static BodyType ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new MalformedMessageException("unknown body type " + code);
        }
        return BY_CODE[code];
    }
}
