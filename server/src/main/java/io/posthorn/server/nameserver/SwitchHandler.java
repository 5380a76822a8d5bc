package io.posthorn.server.nameserver;

import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NameServer's own settings: GET_NAMESRV_CONFIG and UPDATE_NAMESRV_CONFIG, {@code key=value} lines. The {@link Switch}es can be
 * changed, for as long as the process runs; everything else is told only. Called on event loops.
 */
final class SwitchHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SwitchHandler.class);

    private final Switches switches;
    private final Map<String, String> fixed;

    /** @param fixed what cannot be changed, by its keys */
    SwitchHandler(Switches switches, Map<String, String> fixed) {
        this.switches = switches;
        this.fixed = Map.copyOf(fixed);
    }

    Answer get() {
        StringBuilder text = new StringBuilder();
        fixed.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> line(text, entry.getKey(), entry.getValue()));
        for (Switch each : Switch.values()) {
            line(text, each.key(), switches.isOn(each));
        }
        return Answer.success(Map.of(), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** All lines or none. */
    Answer update(Frame request) {
        Map<Switch, Boolean> changes = new EnumMap<>(Switch.class);
        for (String line :
                request.body().toString(StandardCharsets.UTF_8).lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String key = equals < 0 ? line.trim() : line.substring(0, equals).trim();
            String value = equals < 0 ? "" : line.substring(equals + 1).trim();
            if (Switch.ofKey(key).isEmpty()) {
                return Answer.error(
                        ResponseCode.NO_PERMISSION, key + " cannot be changed while the NameServer is running");
            }
            if (!value.equals("true") && !value.equals("false")) {
                return Answer.error(
                        ResponseCode.INVALID_PARAMETER, key + " must be true or false, but is \"" + value + "\"");
            }
            changes.put(Switch.ofKey(key).get(), Boolean.valueOf(value));
        }
        changes.forEach(switches::set);
        LOG.info("settings changed: {}", changes);
        return Answer.success(Map.of());
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
