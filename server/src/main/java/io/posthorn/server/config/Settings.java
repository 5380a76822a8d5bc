package io.posthorn.server.config;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** The effective values of the settings, with where each came from, so that a complaint can say so. Immutable. */
public final class Settings {

    private record Value(String text, String source) {}

    private final Map<Setting, Value> values;

    private Settings(Map<Setting, Value> values) {
        this.values = values;
    }

    /**
     * Puts the layers together.
     *
     * @param known       settings that this process has
     * @param options     values from the command line
     * @param environment the process environment
     * @param fileOrNull  configuration file in properties format, or null
     * @throws SettingException when the file cannot be read, or names a setting that does not exist
     */
    public static Settings resolve(
            Set<Setting> known, Map<Setting, String> options, Map<String, String> environment, Path fileOrNull) {
        Map<Setting, Value> values = new EnumMap<>(Setting.class);
        Properties file = fileOrNull == null ? new Properties() : read(fileOrNull);
        for (Setting setting : known) {
            String fromFile = file.getProperty(setting.key());
            String fromEnvironment = environment.get(setting.environmentName());
            String fromOptions = options.get(setting);
            if (fromOptions != null) {
                values.put(setting, new Value(fromOptions.trim(), setting.option()));
            } else if (fromEnvironment != null) {
                values.put(setting, new Value(fromEnvironment.trim(), setting.environmentName()));
            } else if (fromFile != null) {
                values.put(setting, new Value(fromFile.trim(), setting.key() + " in " + fileOrNull));
            } else {
                values.put(setting, new Value(setting.defaultText(), setting.option()));
            }
        }
        return new Settings(values);
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new SettingException("cannot read the configuration file " + file + ": " + unreadable.getMessage());
        }
        for (String key : properties.stringPropertyNames()) {
            if (Setting.ofKey(key).isEmpty()) {
                Set<String> keys = new TreeSet<>();
                for (Setting setting : Setting.values()) {
                    keys.add(setting.key());
                }
                throw new SettingException("unknown setting " + key + " in " + file + "; known are " + keys);
            }
        }
        return properties;
    }

    public String text(Setting setting) {
        return values.get(setting).text();
    }

    /** Whether the setting has a value; false for an empty default. */
    public boolean has(Setting setting) {
        return !text(setting).isEmpty();
    }

    /** @throws SettingException when it is no number in the range; the text names setting, value and range */
    public long number(Setting setting, long min, long max) {
        Value value = values.get(setting);
        try {
            long number = Long.parseLong(value.text());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Reported below, together with numbers out of range.
        }
        throw new SettingException(
                value.source() + " must be a number from " + min + " to " + max + ", but is \"" + value.text() + "\"");
    }

    public boolean flag(Setting setting) {
        Value value = values.get(setting);
        return switch (value.text()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new SettingException(value.source() + " must be true or false, but is \"" + value.text() + "\"");
        };
    }

    public Path path(Setting setting) {
        Value value = values.get(setting);
        try {
            return Path.of(value.text());
        } catch (InvalidPathException notAPath) {
            throw new SettingException(value.source() + " is no path: " + notAPath.getMessage());
        }
    }

    public <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
        Value value = values.get(setting);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value.text())) {
                return constant;
            }
        }
        throw new SettingException(value.source() + " must be one of " + List.of(type.getEnumConstants())
                + ", but is \"" + value.text() + "\"");
    }

    /** The address made of a host setting and a port setting; port 0 means a free one. */
    public InetSocketAddress address(Setting host, Setting port) {
        Value value = values.get(host);
        int number = (int) number(port, 0, 65535);
        try {
            return new InetSocketAddress(InetAddress.getByName(value.text()), number);
        } catch (UnknownHostException unknown) {
            throw new SettingException(value.source() + ": unknown host \"" + value.text() + "\"");
        }
    }

    /** Addresses {@code host:port}, separated by semicolons or commas. */
    public List<InetSocketAddress> addresses(Setting setting) {
        Value value = values.get(setting);
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String part : value.text().split("[;,]")) {
            String text = part.trim();
            int colon = text.lastIndexOf(':');
            if (colon <= 0) {
                throw new SettingException(value.source() + ": \"" + text + "\" is not of the form host:port");
            }
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                addresses.add(new InetSocketAddress(text.substring(0, colon), port));
            } catch (IllegalArgumentException badPort) {
                throw new SettingException(value.source() + ": \"" + text + "\" has no valid port");
            }
        }
        return addresses;
    }
}
