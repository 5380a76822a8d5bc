package io.posthorn.server.cli;

import io.posthorn.server.config.Setting;
import picocli.CommandLine.Command;

/** {@code standalone}: runs NameServer and Broker in one process. */
@Command(
        name = "standalone",
        description = "Runs NameServer and Broker in one process.",
        mixinStandardHelpOptions = true)
final class StandaloneCommand extends RunCommand {

    StandaloneCommand(NodeLauncher launcher) {
        super(launcher, NodeLauncher.Kind.STANDALONE, Setting.ofStandalone());
    }
}
