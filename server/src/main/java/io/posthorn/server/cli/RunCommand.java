package io.posthorn.server.cli;

import io.posthorn.server.config.Setting;
import io.posthorn.server.config.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Runs a server until it is told to stop. The subcommands {@code standalone}, {@code nameserver} and {@code broker} differ in
 * what is launched and in the settings they take.
 */
abstract class RunCommand implements Callable<Integer> {

    private static final String CONFIG = "--config";

    private final NodeLauncher launcher;
    private final NodeLauncher.Kind kind;
    private final Set<Setting> settings;
    private CommandSpec spec;

    RunCommand(NodeLauncher launcher, NodeLauncher.Kind kind, Set<Setting> settings) {
        this.launcher = launcher;
        this.kind = kind;
        this.settings = settings;
    }

    /** This command with an option for each of its settings. */
    final CommandSpec spec() {
        spec = CommandSpec.forAnnotatedObject(this);
        spec.addOption(OptionSpec.builder(CONFIG)
                .paramLabel("FILE")
                .type(Path.class)
                .description("properties file with settings, see the README")
                .build());
        for (Setting setting : settings) {
            String defaultText = setting.defaultText().isEmpty() ? "" : " (default: " + setting.defaultText() + ")";
            spec.addOption(OptionSpec.builder(setting.option())
                    .paramLabel(setting.valueName())
                    .type(String.class)
                    .description(setting.description() + defaultText)
                    .build());
        }
        return spec;
    }

    @Override
    public final Integer call() throws Exception {
        ParseResult parsed = spec.commandLine().getParseResult();
        Map<Setting, String> options = new EnumMap<>(Setting.class);
        for (Setting setting : settings) {
            if (parsed.hasMatchedOption(setting.option())) {
                options.put(setting, parsed.matchedOptionValue(setting.option(), ""));
            }
        }
        Settings effective =
                Settings.resolve(settings, options, System.getenv(), parsed.matchedOptionValue(CONFIG, (Path) null));
        NodeLauncher.RunningNode node = launcher.launch(kind, effective);
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch never = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            node.stop();
                            // A stop that was asked for is a success; without this the JVM would report the signal.
                            Runtime.getRuntime().halt(0);
                        },
                        "posthorn-shutdown"));
        out.println("READY " + node.description());
        out.flush();
        never.await();
        return 0;
    }
}
