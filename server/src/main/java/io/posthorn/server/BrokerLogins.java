package io.posthorn.server;

import io.posthorn.server.config.Setting;
import io.posthorn.server.config.SettingException;
import io.posthorn.server.config.Settings;
import io.posthorn.server.security.Authenticator;
import io.posthorn.server.security.LiveUsers;
import io.posthorn.server.security.LoginPolicy;
import io.posthorn.server.security.UsersFile;
import io.posthorn.server.security.UsersFileException;
import java.net.InetSocketAddress;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides from the settings who may log in, and refuses settings that would admit everybody by mistake, or nobody. */
final class BrokerLogins {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerLogins.class);

    private BrokerLogins() {}

    /** @param users null when the broker has none */
    record Logins(Authenticator authenticator, LiveUsers users) {}

    /**
     * @param listen  where the broker will listen
     * @param started takes what has to be closed at the end
     * @throws UsersFileException when there is a users file, and it cannot be read
     * @throws SettingException when the settings do not fit each other
     */
    static Logins assemble(Settings settings, InetSocketAddress listen, Deque<AutoCloseable> started)
            throws UsersFileException {
        boolean loopback = listen.getAddress().isLoopbackAddress();
        boolean hasUsers = settings.has(Setting.USERS_FILE);
        boolean decided = settings.has(Setting.ALLOW_ANONYMOUS);
        boolean allowAnonymous = decided ? settings.flag(Setting.ALLOW_ANONYMOUS) : loopback;
        if (!hasUsers && !allowAnonymous) {
            throw new SettingException(
                    decided
                            ? "nobody could log in: " + Setting.ALLOW_ANONYMOUS.option() + " is false, and there is no "
                                    + Setting.USERS_FILE.option()
                            : "the Broker would listen on "
                                    + listen.getAddress().getHostAddress()
                                    + ", beyond this machine, without users: set " + Setting.USERS_FILE.option()
                                    + " (see \"user add\"), or " + Setting.ALLOW_ANONYMOUS.option()
                                    + " true to admit everybody");
        }
        if (!hasUsers) {
            return new Logins(new LoginPolicy(null, true), null);
        }
        LiveUsers users = LiveUsers.watch(new UsersFile(settings.path(Setting.USERS_FILE)), LiveUsers.INTERVAL);
        started.push(users);
        if (allowAnonymous) {
            LOG.info(
                    "clients without credentials are admitted as well; {} false requires a login",
                    Setting.ALLOW_ANONYMOUS.option());
        }
        return new Logins(new LoginPolicy(users, allowAnonymous), users);
    }
}
