package io.posthorn.server.cli;

import io.posthorn.server.config.Setting;
import io.posthorn.server.config.SettingException;
import io.posthorn.server.config.Settings;
import io.posthorn.server.security.UsersFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which users file a command works on: the setting of the server, from the same three sources. */
final class UsersFileOption {

    @Option(
            names = "--users-file",
            paramLabel = "FILE",
            description = "the users file; default: POSTHORN_USERS_FILE, or usersFile in the file given with --config")
    private String file;

    @Option(names = "--config", paramLabel = "FILE", description = "properties file with settings, see the README")
    private Path config;

    /** @throws SettingException if none of the sources names a file */
    UsersFile file() {
        Map<Setting, String> options = file == null ? Map.of() : Map.of(Setting.USERS_FILE, file);
        Settings settings = Settings.resolve(Set.of(Setting.USERS_FILE), options, System.getenv(), config);
        if (!settings.has(Setting.USERS_FILE)) {
            throw new SettingException("say which users file: " + Setting.USERS_FILE.option() + " FILE");
        }
        return new UsersFile(settings.path(Setting.USERS_FILE));
    }
}
