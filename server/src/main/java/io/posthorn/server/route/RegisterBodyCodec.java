package io.posthorn.server.route;

import io.posthorn.protocol.Json;
import io.posthorn.protocol.ProtocolException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;

/**
 * The body of REGISTER_BROKER. Written in the plain form, read in all three. Stateless; any thread.
 *
 * <pre>
 * plain       {"topicConfigSerializeWrapper":{"topicConfigTable":{name:{…}…},"dataVersion":{…}…},"filterServerList":[]}
 * before 37   {"topicConfigTable":{…},"dataVersion":{…}}
 * compressed  zlib of: i32 length, DataVersion as JSON | i32 topics | per topic: i32 length, text line | …
 *             a line is: name read write perm filterType attributesJson, parted by single blanks
 * </pre>
 *
 * What follows the topics (filter servers, queue mappings) means nothing here and is not read.
 */
public final class RegisterBodyCodec {

    /** From this sender's version on the topic table is wrapped. */
    static final int WRAPPED_SINCE_VERSION = 37;

    /** Most bytes that a compressed body may grow to. */
    static final int INFLATED_MAX_BYTES = 64 * 1024 * 1024;

    private RegisterBodyCodec() {}

    /** The plain form. */
    public static byte[] encode(TopicTable table) {
        Map<String, Object> topics = new LinkedHashMap<>();
        for (TopicConfig topic : table.topics()) {
            topics.put(topic.name(), topic.toJson());
        }
        Map<String, Object> version = table.version().toJson();
        Map<String, Object> wrapper = new LinkedHashMap<>();
        wrapper.put("dataVersion", version);
        wrapper.put("mappingDataVersion", version);
        wrapper.put("topicConfigTable", topics);
        wrapper.put("topicQueueMappingDetailMap", Map.of());
        wrapper.put("topicQueueMappingInfoMap", Map.of());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("filterServerList", List.of());
        body.put("topicConfigSerializeWrapper", wrapper);
        return Json.write(body).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads any form; an empty body is an empty table.
     *
     * @param senderVersion the version number of the frame
     * @throws ProtocolException if the body is malformed or grows over 64 MiB
     */
    public static TopicTable decode(byte[] body, boolean compressed, int senderVersion) {
        if (body.length == 0) {
            return new TopicTable(DataVersion.NONE, List.of());
        }
        if (compressed) {
            return inflate(body);
        }
        JsonObject json =
                JsonObject.of(Json.parseLenient(new String(body, StandardCharsets.UTF_8)), "the register body");
        if (senderVersion < WRAPPED_SINCE_VERSION) {
            return table(json);
        }
        Object wrapper = json.get("topicConfigSerializeWrapper");
        return table(JsonObject.of(wrapper == null ? Map.of() : wrapper, "topicConfigSerializeWrapper"));
    }

    /** The checksum that the ext field {@code bodyCrc32} carries: CRC-32 without its top bit. */
    public static int crc(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return (int) (crc.getValue() & 0x7fff_ffffL);
    }

    private static TopicTable table(JsonObject wrapper) {
        List<TopicConfig> topics = new ArrayList<>();
        Object table = wrapper.get("topicConfigTable");
        if (table != null) {
            JsonObject.of(table, "topicConfigTable")
                    .fields()
                    .forEach((name, config) -> topics.add(TopicConfig.fromJson((String) name, config)));
        }
        return new TopicTable(DataVersion.fromJson(wrapper.get("dataVersion")), topics);
    }

    private static TopicTable inflate(byte[] body) {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(body)))) {
            int[] budget = {INFLATED_MAX_BYTES};
            DataVersion version = DataVersion.fromJson(Json.parseLenient(text(in, budget)));
            int count = in.readInt();
            List<TopicConfig> topics = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                topics.add(topicLine(text(in, budget)));
            }
            return new TopicTable(version, topics);
        } catch (IOException e) {
            throw new ProtocolException("the compressed register body is damaged: " + e.getMessage());
        }
    }

    /** @param budget its one element is the number of bytes still allowed */
    private static String text(DataInputStream in, int[] budget) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > budget[0] - Integer.BYTES) {
            throw new ProtocolException("the register body is malformed, or inflates to more than " + INFLATED_MAX_BYTES
                    + " bytes: a field of " + length);
        }
        budget[0] -= length + Integer.BYTES;
        // Reads as much as there is before it allocates all, so a false length costs nothing.
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new ProtocolException("the compressed register body ends within a field");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static TopicConfig topicLine(String line) {
        String[] words = line.split(" ", 6);
        if (words.length < 4 || words[0].isEmpty()) {
            throw new ProtocolException("malformed topic line: " + line);
        }
        return new TopicConfig(words[0], number(words[1]), number(words[2]), number(words[3]));
    }

    private static int number(String word) {
        try {
            return Integer.parseUnsignedInt(word);
        } catch (NumberFormatException e) {
            throw new ProtocolException("malformed number in a topic line: " + word);
        }
    }
}
