package io.posthorn.appserver;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** After a failure the stacks of the application server's threads are put beside its log. */
final class ThreadDumpOnFailure implements TestWatcher {

    @Override
    public void testFailed(ExtensionContext test, Throwable failure) {
        if (Scenarios.application == null) {
            return;
        }
        try {
            long pid = Scenarios.application.process().pid();
            Files.writeString(
                    Logs.file("threads-" + test.getRequiredTestMethod().getName())
                            .toPath(),
                    new Jvm(Scenarios.directory, pid).threadDump());
        } catch (IOException | RuntimeException gone) {
            failure.addSuppressed(gone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
