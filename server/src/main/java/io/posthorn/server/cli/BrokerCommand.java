package io.posthorn.server.cli;

import io.posthorn.server.config.Setting;
import picocli.CommandLine.Command;

/** {@code broker}: runs a Broker. */
@Command(name = "broker", description = "Runs a Broker.", mixinStandardHelpOptions = true)
final class BrokerCommand extends RunCommand {

    BrokerCommand(NodeLauncher launcher) {
        super(launcher, NodeLauncher.Kind.BROKER, Setting.ofBroker());
    }
}
