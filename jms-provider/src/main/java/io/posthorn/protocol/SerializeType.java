package io.posthorn.protocol;

/** The two forms of a frame's header; the ordinal is the number in the frame. An answer has the form of its request. */
public enum SerializeType {
    /** A JSON object: what most RocketMQ peers send. */
    JSON,
    /** RocketMQ's packed form. Its code field has 16 bits, so codes above 32,767 need {@link #JSON}. */
    BINARY
}
