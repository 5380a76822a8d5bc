package io.posthorn.server.cli;

import io.posthorn.message.DestinationName;
import io.posthorn.provider.DestinationStatus;
import io.posthorn.provider.remote.RemoteOperator;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code destination}: the commands that look at the queues and topics of a running broker and change them. A destination is written {@code
 * queue:NAME} or {@code topic:NAME}.
 */
@Command(
        name = "destination",
        description = "Lists, shows, creates, changes and deletes queues and topics of a running Broker.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class DestinationCommand {

    private static final String QUEUE = "queue:";
    private static final String TOPIC = "topic:";

    private DestinationCommand() {}

    /** With its subcommands. */
    static CommandLine line() {
        return new CommandLine(new DestinationCommand())
                .addSubcommand(new ListAll())
                .addSubcommand(new Show())
                .addSubcommand(new Create())
                .addSubcommand(new Change())
                .addSubcommand(new Delete());
    }

    private static DestinationName name(String argument) throws CommandException {
        try {
            if (argument.startsWith(QUEUE)) {
                return DestinationName.queue(argument.substring(QUEUE.length()));
            }
            if (argument.startsWith(TOPIC)) {
                return DestinationName.topic(argument.substring(TOPIC.length()));
            }
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(wrong.getMessage(), wrong);
        }
        throw new CommandException("write queue:NAME or topic:NAME, not " + argument);
    }

    private static String text(DestinationName name) {
        return (name.kind().isQueue() ? QUEUE : TOPIC) + name.name();
    }

    /** What those have that name one. */
    private abstract static class OnOne extends BrokerVerb {

        @Parameters(index = "0", paramLabel = "DESTINATION", description = "queue:NAME or topic:NAME")
        private String destination;

        final DestinationName destination() throws CommandException {
            return name(destination);
        }
    }

    @Command(name = "list", description = "One line per destination.", mixinStandardHelpOptions = true)
    private static final class ListAll extends BrokerVerb {

        @Override
        void run(RemoteOperator operator) {
            for (DestinationStatus each : operator.destinations()) {
                print(text(each.name()) + " messages=" + each.messages() + " bytes=" + each.bytes() + " consumers="
                        + each.consumers() + " subscriptions=" + each.subscriptions());
            }
        }
    }

    @Command(
            name = "show",
            description = "One destination with its settings; what was set for it is marked with *.",
            mixinStandardHelpOptions = true)
    private static final class Show extends OnOne {

        @Override
        void run(RemoteOperator operator) throws CommandException {
            DestinationStatus shown = operator.destination(destination());
            print(text(shown.name()));
            print("messages=" + shown.messages());
            print("bytes=" + shown.bytes());
            print("consumers=" + shown.consumers());
            print("subscriptions=" + shown.subscriptions());
            print("droppedForSlowSubscribers=" + shown.dropped());
            shown.effective()
                    .forEach((name, value) ->
                            print(name + "=" + value + (shown.own().containsKey(name) ? " *" : "")));
        }
    }

    @Command(name = "create", description = "Creates a destination.", mixinStandardHelpOptions = true)
    private static final class Create extends OnOne {

        @Option(names = "--set", paramLabel = "NAME=VALUE", description = "a setting; may be repeated")
        private Map<String, String> settings = new LinkedHashMap<>();

        @Override
        void run(RemoteOperator operator) throws CommandException {
            operator.create(destination(), settings);
        }
    }

    @Command(
            name = "set",
            description = "Changes settings of a destination, at once and for good.",
            mixinStandardHelpOptions = true)
    private static final class Change extends OnOne {

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "NAME=VALUE",
                description = "settings; NAME= brings the default back")
        private String[] settings;

        @Override
        void run(RemoteOperator operator) throws CommandException {
            Map<String, String> all = new LinkedHashMap<>();
            for (String setting : settings) {
                int equals = setting.indexOf('=');
                if (equals < 1) {
                    throw new CommandException("write NAME=VALUE, not " + setting);
                }
                all.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
            operator.set(destination(), all);
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a destination; refused while it has consumers, durable subscriptions or messages.",
            mixinStandardHelpOptions = true)
    private static final class Delete extends OnOne {

        @Option(names = "--force", description = "delete it with all its messages, and close its consumers")
        private boolean force;

        @Override
        void run(RemoteOperator operator) throws CommandException {
            operator.delete(destination(), force);
        }
    }
}
