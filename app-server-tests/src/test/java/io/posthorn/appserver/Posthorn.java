package io.posthorn.appserver;

import io.posthorn.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Our server, in a process of its own, which admits one user and nobody else. */
final class Posthorn {

    static final String USER = "shop";
    static final String PASSWORD = "secret";

    /** A poison message becomes a dead letter after so many deliveries. */
    static final int DELIVERIES = 3;

    private Posthorn() {}

    static ServerProcess start(Path directory) throws IOException {
        Path users = directory.resolve("users");
        Path password = Files.writeString(directory.resolve("password"), PASSWORD);
        ServerProcess.output(
                "user", "add", USER, "--users-file", users.toString(), "--password-file", password.toString());
        return ServerProcess.standalone(
                directory.resolve("data"),
                "--users-file",
                users.toString(),
                "--allow-anonymous",
                "false",
                "--max-deliveries",
                Integer.toString(DELIVERIES));
    }
}
