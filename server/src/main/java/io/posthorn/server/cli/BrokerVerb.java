package io.posthorn.server.cli;

import io.posthorn.provider.remote.RemoteOperator;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks one Broker, as an operator, and prints what it answers. */
abstract class BrokerVerb implements Callable<Integer> {

    @Mixin
    private BrokerOption broker;

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() throws CommandException {
        broker.run(this::run);
        return 0;
    }

    abstract void run(RemoteOperator operator) throws CommandException;

    final void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
