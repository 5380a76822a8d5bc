package io.posthorn.appserver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the application servers write: one file for each kind and test run, below the logs of our own server. */
final class Logs {

    private Logs() {}

    static File file(String name) {
        Path directory = Path.of(System.getProperty("posthorn.logs", "target/server-logs"));
        try {
            Files.createDirectories(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return directory
                .resolve(name + "-" + ProcessHandle.current().pid() + ".log")
                .toFile();
    }
}
