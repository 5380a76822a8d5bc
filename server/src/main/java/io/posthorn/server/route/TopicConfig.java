package io.posthorn.server.route;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One topic as a broker announces it.
 *
 * @param name RocketMQ topic name; not null
 * @param readQueues number of MessageQueues that consumers read: ids 0 to readQueues - 1
 * @param writeQueues number of MessageQueues that producers write
 * @param perm bits of {@link Permission}
 * @param sysFlag bits of RocketMQ's topicSysFlag, 0 here
 * @param attributes further facts about the topic; not null, unmodifiable
 */
public record TopicConfig(
        String name, int readQueues, int writeQueues, int perm, int sysFlag, Map<String, String> attributes) {

    public TopicConfig {
        Objects.requireNonNull(name, "name");
        attributes = Map.copyOf(attributes);
    }

    /** A topic without flags and attributes. */
    public TopicConfig(String name, int readQueues, int writeQueues, int perm) {
        this(name, readQueues, writeQueues, perm, 0, Map.of());
    }

    /** The fields by their RocketMQ names. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attributes", attributes);
        json.put("order", false);
        json.put("perm", perm);
        json.put("readQueueNums", readQueues);
        json.put("topicFilterType", "SINGLE_TAG");
        json.put("topicName", name);
        json.put("topicSysFlag", sysFlag);
        json.put("writeQueueNums", writeQueues);
        return json;
    }

    /** Reads an entry of a topic table. The key counts as the name; attributes are of no use to a NameServer. */
    static TopicConfig fromJson(String name, Object json) {
        JsonObject object = JsonObject.of(json, "topicConfigTable." + name);
        return new TopicConfig(
                name,
                object.count("readQueueNums", 0),
                object.count("writeQueueNums", 0),
                object.count("perm", 0),
                object.count("topicSysFlag", 0),
                Map.of());
    }
}
