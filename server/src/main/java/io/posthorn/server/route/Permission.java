package io.posthorn.server.route;

/** The bits of RocketMQ's {@code perm} field of a topic on a broker. */
public final class Permission {

    /** May serve as the template of topics that are created on first use. */
    public static final int INHERIT = 1;

    public static final int WRITE = 2;
    public static final int READ = 4;

    private Permission() {}
}
