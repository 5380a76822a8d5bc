package io.posthorn.server.cli;

import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.DirectLink;
import io.posthorn.provider.remote.RemoteCluster;
import io.posthorn.provider.remote.RemoteOperator;
import io.posthorn.server.config.Setting;
import io.posthorn.server.config.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which broker group a command is about, and as whom it asks. */
final class GroupOption {

    /** A broker that takes longer to say how it stands counts as dead. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Option(
            names = "--namesrv-addr",
            paramLabel = "HOST:PORT[;…]",
            description = "NameServers of the cluster (default: 127.0.0.1:9876)")
    private String nameServers;

    @Option(
            names = "--broker-name",
            paramLabel = "NAME",
            defaultValue = "broker-a",
            description = "name of the group (default: ${DEFAULT-VALUE})")
    private String brokerName;

    @Option(names = "--config", paramLabel = "FILE", description = "properties file with settings, see the README")
    private Path config;

    @Option(names = "--user", paramLabel = "NAME", description = "user to log in as; default: nobody")
    private String user;

    @Mixin
    private PasswordOption password;

    private String secret;

    /**
     * A broker of the group.
     *
     * @param status null when it did not answer
     * @param failure why it did not
     */
    record Member(long registeredId, InetSocketAddress address, ReplicaStatusResponse status, String failure) {

        boolean isMaster() {
            return status != null && status.role() == ReplicaStatusResponse.Role.MASTER;
        }

        boolean isSlave() {
            return status != null && status.role() == ReplicaStatusResponse.Role.SLAVE;
        }

        String text() {
            return address.getHostString() + ":" + address.getPort();
        }
    }

    String brokerName() {
        return brokerName;
    }

    /**
     * All registered brokers of the group, each asked how it stands.
     *
     * @throws CommandException if no NameServer answers, or none of the group is registered
     */
    List<Member> members() throws CommandException {
        Map<Setting, String> options = nameServers == null ? Map.of() : Map.of(Setting.NAMESRV_ADDR, nameServers);
        List<InetSocketAddress> addresses = Settings.resolve(
                        Set.of(Setting.NAMESRV_ADDR), options, System.getenv(), config)
                .addresses(Setting.NAMESRV_ADDR);
        List<Member> members = new ArrayList<>();
        try {
            for (var entry : RemoteCluster.members(addresses, brokerName).entrySet()) {
                for (InetSocketAddress address : entry.getValue()) {
                    members.add(ask(entry.getKey(), address));
                }
            }
        } catch (ProviderException failed) {
            throw new CommandException(failed.getMessage(), failed);
        }
        if (members.isEmpty()) {
            throw new CommandException("no broker of " + brokerName + " is registered");
        }
        return members;
    }

    /** Asks one broker again. */
    Member ask(long registeredId, InetSocketAddress address) throws CommandException {
        try (RemoteOperator broker = connect(address, PATIENCE)) {
            return new Member(registeredId, address, broker.replicaStatus(), null);
        } catch (ProviderException | ProtocolException failed) {
            return new Member(registeredId, address, null, failed.getMessage());
        }
    }

    /** Logs in at a broker. */
    RemoteOperator connect(InetSocketAddress address) throws CommandException {
        return connect(address, DirectLink.TIMEOUT);
    }

    private RemoteOperator connect(InetSocketAddress address, Duration timeout) throws CommandException {
        if (user != null && secret == null) {
            secret = password.read(user, false);
        }
        return RemoteOperator.connect(address, user, secret, timeout);
    }
}
