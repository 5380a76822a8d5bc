package io.posthorn.server;

import io.posthorn.server.cli.ServerCommand;
import io.posthorn.time.Clock;

/** The runnable jar's entry point. */
public final class PosthornServer {

    private PosthornServer() {}

    public static void main(String[] args) {
        int exitCode = ServerCommand.run(new Launcher(Clock.system()), args);
        System.exit(exitCode);
    }
}
