package io.posthorn.server.cli;

import io.posthorn.server.config.Setting;
import picocli.CommandLine.Command;

/** {@code nameserver}: runs a NameServer. */
@Command(name = "nameserver", description = "Runs a NameServer.", mixinStandardHelpOptions = true)
final class NameServerCommand extends RunCommand {

    NameServerCommand(NodeLauncher launcher) {
        super(launcher, NodeLauncher.Kind.NAMESERVER, Setting.ofNameServer());
    }
}
