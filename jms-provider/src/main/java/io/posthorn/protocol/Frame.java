package io.posthorn.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.Objects;

/**
 * One remoting command: a request, a one-way request or a response. Immutable apart from the reference count of its body;
 * any thread may use it.
 *
 * <p>Whoever holds a frame owns one reference to its body and has to {@link #release} it, or to pass it on. A received
 * body is a slice of the read buffer: decode and release it soon, for it keeps up to 64 KiB of its neighbours alive.
 */
public final class Frame {

    /** What we announce in every frame: the number of RocketMQ 5.3.3. */
    public static final int VERSION = 479;

    /** Number of the language JAVA. */
    public static final int LANGUAGE_JAVA = 0;

    static final int FLAG_RESPONSE = 1;
    static final int FLAG_ONE_WAY = 2;

    private final int code;
    private final int flag;
    private final int opaque;
    private final String remark;
    private final Map<String, String> ext;
    private final SerializeType serializeType;
    private final int version;
    private final int language;
    private final ByteBuf body;

    Frame(FrameHeader header, SerializeType serializeType, ByteBuf body) {
        this.code = header.code();
        this.flag = header.flag();
        this.opaque = header.opaque();
        this.remark = header.remark();
        this.ext = Objects.requireNonNull(header.ext(), "ext");
        this.version = header.version();
        this.language = header.language();
        this.serializeType = Objects.requireNonNull(serializeType, "serializeType");
        this.body = Objects.requireNonNull(body, "body");
    }

    /** A request that expects an answer; opaque 0 until {@link #withOpaque}. Takes over the body's reference. */
    public static Frame request(int code, SerializeType type, Map<String, String> ext, ByteBuf body) {
        return ours(code, 0, 0, null, ext, type, body);
    }

    /** A request that must not be answered. Takes over the body's reference. */
    public static Frame oneWay(int code, SerializeType type, Map<String, String> ext, ByteBuf body) {
        return ours(code, FLAG_ONE_WAY, 0, null, ext, type, body);
    }

    /**
     * The answer to a request: its opaque and header form, and the response bit. Takes over the body's reference, and
     * leaves the request's alone.
     *
     * @param remark text for people, or null
     */
    public static Frame response(Frame request, int code, String remark, Map<String, String> ext, ByteBuf body) {
        return ours(code, FLAG_RESPONSE, request.opaque, remark, ext, request.serializeType, body);
    }

    private static Frame ours(
            int code, int flag, int opaque, String remark, Map<String, String> ext, SerializeType type, ByteBuf body) {
        return new Frame(new FrameHeader(code, LANGUAGE_JAVA, VERSION, opaque, flag, remark, ext), type, body);
    }

    /** This frame with another correlation id; both share the one reference to the body. */
    public Frame withOpaque(int newOpaque) {
        return new Frame(new FrameHeader(code, language, version, newOpaque, flag, remark, ext), serializeType, body);
    }

    /** Request code, or response code when {@link #isResponse}. */
    public int code() {
        return code;
    }

    /** Bit 0: response; bit 1: one-way. */
    public int flag() {
        return flag;
    }

    /** Correlation id, chosen by the requester. */
    public int opaque() {
        return opaque;
    }

    /** Text for people, or null. */
    public String remark() {
        return remark;
    }

    /** The header's string map; not null, maybe empty, not to be changed. */
    public Map<String, String> ext() {
        return ext;
    }

    public SerializeType serializeType() {
        return serializeType;
    }

    /** The sender's version number. */
    public int version() {
        return version;
    }

    /** The sender's language number. */
    public int language() {
        return language;
    }

    /** Not null; {@link Unpooled#EMPTY_BUFFER} when there is none. */
    public ByteBuf body() {
        return body;
    }

    public boolean isResponse() {
        return (flag & FLAG_RESPONSE) != 0;
    }

    public boolean isOneWay() {
        return (flag & FLAG_ONE_WAY) != 0;
    }

    /** Gives the reference to the body back. */
    public void release() {
        body.release();
    }

    /** Header and body size, for logs; never the content. */
    @Override
    public String toString() {
        return (isResponse() ? "response " : isOneWay() ? "one-way " : "request ") + code + " #" + opaque + ", "
                + body.readableBytes() + " bytes" + (remark == null ? "" : ", " + remark);
    }
}
