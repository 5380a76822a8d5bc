package io.posthorn.server;

import io.posthorn.server.cli.ServerCommand;
import io.posthorn.time.Clock;

/** The runnable jar's entry point. */
public final class PosthornServer {

    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private PosthornServer() {}

    public static void main(String[] args) {
        // Netty looks at one buffer in 128 for leaks unless told otherwise; that belongs into tests, and costs a server
        // time and code.
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        int exitCode = ServerCommand.run(new Launcher(Clock.system()), new RemoteAccess(), args);
        System.exit(exitCode);
    }
}
