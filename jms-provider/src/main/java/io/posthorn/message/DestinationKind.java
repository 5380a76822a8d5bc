package io.posthorn.message;

/** The four kinds of JMS destination. A queue and a topic of one name are two destinations. */
public enum DestinationKind {
    QUEUE(1),
    TOPIC(2),
    TEMPORARY_QUEUE(3),
    TEMPORARY_TOPIC(4);

    private final int code;

    DestinationKind(int code) {
        this.code = code;
    }

    /** The number that stands for this kind on the wire and on disk; never changes. */
    public int code() {
        return code;
    }

    public boolean isQueue() {
        return this == QUEUE || this == TEMPORARY_QUEUE;
    }

    public boolean isTemporary() {
        return this == TEMPORARY_QUEUE || this == TEMPORARY_TOPIC;
    }

    /**
     * The kind with this code.
     *
     * @throws MalformedMessageException if no kind has it
     */
    public static DestinationKind ofCode(int code) {
        return switch (code) {
            case 1 -> QUEUE;
            case 2 -> TOPIC;
            case 3 -> TEMPORARY_QUEUE;
            case 4 -> TEMPORARY_TOPIC;
            default -> throw new MalformedMessageException("unknown destination kind " + code);
        };
    }
}
