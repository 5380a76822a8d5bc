package io.posthorn.server.route;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The version of a broker's topic table. Two tables are taken for equal only if all three numbers are; only
 * {@code stateVersion} has an order.
 *
 * @param stateVersion the epoch of the Master that speaks; the higher one wins a disputed broker id
 * @param timestamp wall-clock milliseconds of the last change
 * @param counter number of changes
 */
public record DataVersion(long stateVersion, long timestamp, long counter) {

    /** Of a table that never said its version. */
    public static final DataVersion NONE = new DataVersion(0, 0, 0);

    /** The fields by their RocketMQ names. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("counter", counter);
        json.put("stateVersion", stateVersion);
        json.put("timestamp", timestamp);
        return json;
    }

    /**
     * Reads what {@link #toJson} writes; absent numbers are 0, null is {@link #NONE}.
     *
     * @throws io.posthorn.protocol.ProtocolException if it is something else
     */
    public static DataVersion fromJson(Object json) {
        if (json == null) {
            return NONE;
        }
        JsonObject object = JsonObject.of(json, "dataVersion");
        return new DataVersion(
                object.integer("stateVersion", 0), object.integer("timestamp", 0), object.integer("counter", 0));
    }
}
