package io.posthorn.server.broker;

import io.posthorn.time.Clock;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused logins with address and user name, so that an operator sees who tries; at most {@value #LINES_PER_SECOND} lines a second, so
 * that nobody can fill the disk with them. Any thread.
 */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    static final int LINES_PER_SECOND = 10;

    private static final int NAME_MAX_CHARS = 64;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Clock clock;
    private long secondBeganNs;
    private int lines;
    private int dropped;

    RefusalLog(Clock clock) {
        this.clock = clock;
        this.secondBeganNs = clock.monotonicNs();
    }

    /** @param user as the client says it; empty if it has not */
    synchronized void refused(SocketAddress from, String user, String why) {
        long now = clock.monotonicNs();
        if (now - secondBeganNs >= SECOND_NS) {
            if (dropped > 0) {
                LOG.warn("{} more logins were refused", dropped);
            }
            secondBeganNs = now;
            lines = 0;
            dropped = 0;
        }
        if (lines++ < LINES_PER_SECOND) {
            LOG.warn("login from {}{} refused: {}", from, user.isEmpty() ? "" : " as \"" + printable(user) + "\"", why);
        } else {
            dropped++;
        }
    }

    /** A stranger's text, which must not look like another line of the log. */
    static String printable(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints().limit(NAME_MAX_CHARS).forEach(c -> {
            int type = Character.getType(c);
            boolean visible = type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR
                    && type != Character.SURROGATE
                    && type != Character.UNASSIGNED
                    && c != '"';
            text.appendCodePoint(visible ? c : '?');
        });
        return text.append(name.codePointCount(0, name.length()) > NAME_MAX_CHARS ? "…" : "")
                .toString();
    }
}
