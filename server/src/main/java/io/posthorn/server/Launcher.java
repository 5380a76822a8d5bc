package io.posthorn.server;

import io.posthorn.server.cli.LaunchException;
import io.posthorn.server.cli.NodeLauncher;
import io.posthorn.server.config.BrokerConfig;
import io.posthorn.server.config.Setting;
import io.posthorn.server.config.SettingException;
import io.posthorn.server.config.Settings;
import io.posthorn.server.nameserver.NameServer;
import io.posthorn.server.nameserver.NameServerConfig;
import io.posthorn.server.nameserver.Switch;
import io.posthorn.server.security.UsersFileException;
import io.posthorn.server.store.StoreException;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires NameServer and Broker from their settings, in the order in which they need each other, and stops them in reverse. */
final class Launcher implements NodeLauncher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final long REGISTRATION_REPORT_MS = 10_000;

    private final Clock clock;

    Launcher(Clock clock) {
        this.clock = clock;
    }

    @Override
    public RunningNode launch(Kind kind, Settings settings) throws LaunchException {
        Deque<AutoCloseable> started = new ArrayDeque<>();
        List<String> parts = new ArrayList<>();
        try {
            List<InetSocketAddress> nameServers = new ArrayList<>();
            if (kind != Kind.BROKER) {
                nameServers.add(startNameServer(settings, started, parts));
            }
            if (kind != Kind.NAMESERVER) {
                if (kind == Kind.BROKER) {
                    nameServers.addAll(settings.addresses(Setting.NAMESRV_ADDR));
                }
                startBroker(settings, nameServers, kind == Kind.STANDALONE, started, parts);
            }
            return new Node(String.join(", ", parts), started);
        } catch (IOException | StoreException | UsersFileException failed) {
            closeAll(started);
            throw new LaunchException(failed.getMessage(), failed);
        } catch (IllegalArgumentException wrong) {
            closeAll(started);
            throw new SettingException(wrong.getMessage());
        } catch (RuntimeException wrongOrUnexpected) {
            closeAll(started);
            throw wrongOrUnexpected;
        } catch (InterruptedException interrupted) {
            closeAll(started);
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted while starting", interrupted);
        }
    }

    private InetSocketAddress startNameServer(Settings settings, Deque<AutoCloseable> started, List<String> parts)
            throws IOException {
        InetSocketAddress listen = settings.address(Setting.BIND, Setting.NAMESERVER_PORT);
        Set<Switch> switches = EnumSet.noneOf(Switch.class);
        if (settings.flag(Setting.SUPPORT_ACTING_MASTER)) {
            switches.add(Switch.SUPPORT_ACTING_MASTER);
        }
        if (settings.flag(Setting.ORDER_MESSAGE_ENABLE)) {
            switches.add(Switch.ORDER_MESSAGE_ENABLE);
        }
        NameServerConfig config = NameServerConfig.defaults()
                .withListen(listen)
                .withSwitches(switches)
                .withKvConfigFile(settings.has(Setting.KV_CONFIG_PATH) ? settings.path(Setting.KV_CONFIG_PATH) : null);
        NameServer nameServer = new NameServer(config, clock);
        started.push(nameServer);
        InetSocketAddress bound = nameServer.start();
        parts.add("NameServer " + text(bound));
        return bound;
    }

    private void startBroker(
            Settings settings,
            List<InetSocketAddress> nameServers,
            boolean alone,
            Deque<AutoCloseable> started,
            List<String> parts)
            throws IOException, InterruptedException, UsersFileException {
        BrokerConfig config = new BrokerConfig(
                settings.text(Setting.CLUSTER_NAME),
                settings.text(Setting.BROKER_NAME),
                settings.number(Setting.BROKER_ID, 0, Long.MAX_VALUE),
                settings.address(Setting.BIND, Setting.BROKER_PORT),
                settings.has(Setting.BROKER_IP) ? settings.text(Setting.BROKER_IP) : null,
                nameServers);
        BrokerLogins.Logins logins = BrokerLogins.assemble(settings, config.bind(), started);
        BrokerNode broker = new BrokerNode(settings, config, alone, logins.authenticator(), clock);
        started.push(broker);
        if (logins.users() != null) {
            logins.users().onChange(broker::endRemovedUsers);
        }
        InetSocketAddress bound = broker.start();
        while (!broker.awaitRegistered(REGISTRATION_REPORT_MS)) {
            LOG.warn("no NameServer of {} answers yet; trying on", nameServers);
        }
        parts.add("Broker " + text(bound));
        parts.add("data in " + settings.path(Setting.DATA_DIR).toAbsolutePath().normalize());
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static void closeAll(Deque<AutoCloseable> started) {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception failed) {
                // The edge of shutdown: whatever one part does, the others have to be closed too.
                LOG.warn("a part did not close cleanly", failed);
            }
        }
    }

    private record Node(String description, Deque<AutoCloseable> started) implements RunningNode {

        @Override
        public void stop() {
            closeAll(started);
        }
    }
}
