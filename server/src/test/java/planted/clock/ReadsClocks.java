package planted.clock;

import java.time.Instant;

/** Two planted clock reads. */
public final class ReadsClocks {

    public long millis() {
        return System.currentTimeMillis();
    }

    public Instant instant() {
        return Instant.now();
    }
}
