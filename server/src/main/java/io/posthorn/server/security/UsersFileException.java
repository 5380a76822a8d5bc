package io.posthorn.server.security;

import java.nio.file.Path;

/** A users file cannot be read, written, or understood. The text names the file, the line where there is one, and no secrets. */
public final class UsersFileException extends Exception {

    private static final long serialVersionUID = 1L;

    UsersFileException(Path file, String reason) {
        super("users file " + file + ": " + reason);
    }

    /** @param line counted from 1 */
    UsersFileException(Path file, int line, String reason) {
        super("users file " + file + ", line " + line + ": " + reason);
    }
}
