package io.posthorn.server.cli;

import io.posthorn.server.config.Settings;

/** Starts the long-running parts of the server for the commands that run them. */
public interface NodeLauncher {

    /** What a process can be. */
    enum Kind {
        STANDALONE,
        NAMESERVER,
        BROKER
    }

    /**
     * Starts the parts and returns when they serve.
     *
     * @return what to print after {@code READY}, and how to stop
     * @throws LaunchException when something stands in the way; its text is what the operator reads
     */
    RunningNode launch(Kind kind, Settings settings) throws LaunchException;

    /** Parts that serve. */
    interface RunningNode {

        /** One line for the operator: the addresses. */
        String description();

        /** Stops everything in order; returns when all is released. */
        void stop();
    }
}
