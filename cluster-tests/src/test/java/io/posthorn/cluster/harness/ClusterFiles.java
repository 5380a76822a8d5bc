package io.posthorn.cluster.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory for the data of each test, below the build's. After a test that failed it stays, and its name is printed; after any other it is
 * removed. It has to be registered outside of what closes the cluster.
 */
public final class ClusterFiles implements BeforeEachCallback, AfterEachCallback {

    private Path dir;

    /** Empty at the beginning of the test. */
    public Path dir() {
        return dir;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        String test = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
        dir = Path.of(System.getProperty("posthorn.clusters", "target/clusters"), test);
        delete(dir);
        Files.createDirectories(dir);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            delete(dir);
        } else {
            System.out.println("kept: " + dir.toAbsolutePath() + ", and the logs in "
                    + Path.of(System.getProperty("posthorn.logs", "target/server-logs"))
                            .toAbsolutePath());
        }
    }

    private static void delete(Path dir) {
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> files = Files.walk(dir)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
