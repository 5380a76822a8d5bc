package io.posthorn.jms.message;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the bodies of large bytes messages lie while the application has them, instead of in the heap. Immutable; any thread.
 *
 * @param directory for temporary files, which must exist; null for the system's own
 * @param thresholdBytes a body that is written and grows beyond it goes to a file; at least 1
 */
public record Spool(Path directory, int thresholdBytes) {

    /** What the factory's options default to. */
    public static final Spool STANDARD = new Spool(null, 1 << 20);

    /** @throws JMSException naming the directory, if there can be no new file */
    public SpoolFile create() throws JMSException {
        try {
            Path path = directory == null
                    ? Files.createTempFile("posthorn-", ".body")
                    : Files.createTempFile(directory, "posthorn-", ".body");
            return new SpoolFile(path);
        } catch (IOException failed) {
            throw SpoolFile.failure(
                    "no temporary file for a large message in "
                            + (directory == null ? System.getProperty("java.io.tmpdir") : directory),
                    failed);
        }
    }
}
