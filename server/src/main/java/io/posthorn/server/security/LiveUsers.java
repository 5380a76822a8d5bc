package io.posthorn.server.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of a running server: looks at the users file at an interval, on a thread of its own, and takes over what has changed. When the
 * file is malformed, unreadable or gone, the users stay as they were, and an error is logged, once per state of the file.
 */
public final class LiveUsers implements Supplier<UserTable>, AutoCloseable {

    /** How often the file is looked at. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(LiveUsers.class);

    private final UsersFile file;
    private final ScheduledExecutorService thread;
    private volatile UserTable users;
    private volatile Runnable changed = () -> {};

    /** Of the content that {@link #users} was read from, or that was refused. The watching thread's after construction. */
    private Stamp stamp;

    /** What tells one state of the file from another; {@code ABSENT} while there is none. */
    private record Stamp(FileTime modified, long bytes, Object fileKey) {

        static final Stamp ABSENT = new Stamp(null, -1, null);
    }

    private LiveUsers(UsersFile file) throws UsersFileException {
        this.file = file;
        // Before reading, so that a change in between is seen later.
        this.stamp = stampNow();
        this.users = file.read();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread watcher = new Thread(task, "posthorn-users");
            watcher.setDaemon(true);
            return watcher;
        });
    }

    /** Reads the file and goes on watching it. @throws UsersFileException if it cannot be read or is malformed */
    public static LiveUsers watch(UsersFile file, Duration interval) throws UsersFileException {
        LiveUsers live = new LiveUsers(file);
        if (file.isReadableByOthers()) {
            LOG.warn("users file {} can be read by others than its owner: make it 0600", file.path());
        }
        LOG.info("users file {}: {} users", file.path(), live.users.size());
        long ms = interval.toMillis();
        live.thread.scheduleWithFixedDelay(live::look, ms, ms, TimeUnit.MILLISECONDS);
        return live;
    }

    /** Has this run, on the watching thread, each time users were taken over; in place of an earlier one. Any thread. */
    public void onChange(Runnable run) {
        changed = run;
    }

    /** The users at this moment; any thread. */
    @Override
    public UserTable get() {
        return users;
    }

    /** Takes over what has changed; the watching thread. */
    void look() {
        try {
            Stamp now = stampNow();
            if (Objects.equals(now, stamp)) {
                return;
            }
            stamp = now;
            UserTable table = file.read();
            users = table;
            LOG.info("users file {} has changed: {} users", file.path(), table.size());
            changed.run();
        } catch (UsersFileException refused) {
            LOG.error("{}; the users stay as they were", refused.getMessage());
        } catch (RuntimeException unexpected) {
            // The edge of the loop: whatever it was, the next look comes.
            LOG.error("users file {} was not read", file.path(), unexpected);
        }
    }

    private Stamp stampNow() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException gone) {
            return Stamp.ABSENT;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
