package io.posthorn.server.cli;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.RemoteOperator;
import java.net.InetSocketAddress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which running broker a command talks to, and as whom. */
final class BrokerOption {

    @Option(
            names = "--broker",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:10911",
            description = "the running Broker (default: ${DEFAULT-VALUE})")
    private String address;

    @Option(names = "--user", paramLabel = "NAME", description = "user to log in as; default: nobody")
    private String user;

    @Mixin
    private PasswordOption password;

    /** What a command does with the broker. */
    @FunctionalInterface
    interface Work {
        void with(RemoteOperator broker) throws CommandException;
    }

    /** @throws CommandException if the broker cannot be reached, or refuses */
    void run(Work work) throws CommandException {
        int colon = address.lastIndexOf(':');
        InetSocketAddress broker;
        try {
            broker = InetSocketAddress.createUnresolved(
                    address.substring(0, Math.max(0, colon)), Integer.parseInt(address.substring(colon + 1)));
        } catch (IllegalArgumentException wrong) {
            throw new CommandException("--broker is HOST:PORT, not " + address, wrong);
        }
        String secret = user == null ? null : password.read(user, false);
        try (RemoteOperator operator = RemoteOperator.connect(broker, user, secret)) {
            work.with(operator);
        } catch (ProviderException failed) {
            throw new CommandException(failed.getMessage(), failed);
        }
    }
}
