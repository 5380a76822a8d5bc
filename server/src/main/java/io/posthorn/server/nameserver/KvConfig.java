package io.posthorn.server.nameserver;

import io.posthorn.protocol.Json;
import io.posthorn.protocol.ProtocolException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Texts that operators leave at a NameServer: namespace → key → value. In memory, and in a file if one is given, which is replaced as a
 * whole by each change. Any thread; a change writes the file before it returns.
 *
 * <pre>
 * file   {"configTable":{namespace:{key:value…}…}}     as RocketMQ writes it
 * </pre>
 */
final class KvConfig {

    /** The namespace whose keys are topics and whose values say in which order their queues are to be used. */
    static final String ORDER_TOPICS = "ORDER_TOPIC_CONFIG";

    /** Most characters of all keys and values together. */
    static final int CHARS_MAX = 1_048_576;

    /** Most characters of one namespace, key or value. */
    static final int TEXT_MAX_CHARS = 65_536;

    private final Path file;
    private SortedMap<String, SortedMap<String, String>> table = new TreeMap<>();

    /** @param fileOrNull where to keep it */
    KvConfig(Path fileOrNull) {
        this.file = fileOrNull;
    }

    /**
     * Takes over what the file has, if there is one.
     *
     * @throws IOException if it cannot be read, or is something else; the text names it
     */
    synchronized void load() throws IOException {
        if (file != null && Files.exists(file)) {
            table = read(file);
        }
    }

    /** The value, or nothing. */
    synchronized Optional<String> get(String namespace, String key) {
        return Optional.ofNullable(
                table.getOrDefault(namespace, new TreeMap<>()).get(key));
    }

    /** All keys of a namespace with their values; empty if there is none. Unmodifiable. */
    synchronized Map<String, String> namespace(String namespace) {
        return Map.copyOf(table.getOrDefault(namespace, new TreeMap<>()));
    }

    /**
     * Sets a value.
     *
     * @throws KvLimitException if it is too long, or there are too many
     * @throws IOException if the file cannot be written; then nothing has changed
     */
    synchronized void put(String namespace, String key, String value) throws IOException {
        requireShort(namespace);
        requireShort(key);
        requireShort(value);
        SortedMap<String, SortedMap<String, String>> next = copy();
        next.computeIfAbsent(namespace, name -> new TreeMap<>()).put(key, value);
        if (chars(next) > CHARS_MAX) {
            throw new KvLimitException("the KV configuration may have " + CHARS_MAX + " characters in all");
        }
        replace(next);
    }

    /**
     * Removes a value; an unknown one is no error.
     *
     * @throws IOException if the file cannot be written; then nothing has changed
     */
    synchronized void delete(String namespace, String key) throws IOException {
        SortedMap<String, SortedMap<String, String>> next = copy();
        SortedMap<String, String> keys = next.get(namespace);
        if (keys == null || keys.remove(key) == null) {
            return;
        }
        if (keys.isEmpty()) {
            next.remove(namespace);
        }
        replace(next);
    }

    private static void requireShort(String text) {
        if (text.length() > TEXT_MAX_CHARS) {
            throw new KvLimitException("a namespace, key or value of the KV configuration may have " + TEXT_MAX_CHARS
                    + " characters, but one has " + text.length());
        }
    }

    private static long chars(Map<String, SortedMap<String, String>> table) {
        long chars = 0;
        for (Map.Entry<String, SortedMap<String, String>> namespace : table.entrySet()) {
            chars += namespace.getKey().length();
            for (Map.Entry<String, String> entry : namespace.getValue().entrySet()) {
                chars += entry.getKey().length() + entry.getValue().length();
            }
        }
        return chars;
    }

    private SortedMap<String, SortedMap<String, String>> copy() {
        SortedMap<String, SortedMap<String, String>> copy = new TreeMap<>();
        table.forEach((namespace, keys) -> copy.put(namespace, new TreeMap<>(keys)));
        return copy;
    }

    private void replace(SortedMap<String, SortedMap<String, String>> next) throws IOException {
        if (file != null) {
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            Path written = Files.createTempFile(directory, file.getFileName().toString(), ".tmp");
            try {
                Files.writeString(written, Json.write(Map.of("configTable", next)));
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
        }
        table = next;
    }

    private static SortedMap<String, SortedMap<String, String>> read(Path file) throws IOException {
        SortedMap<String, SortedMap<String, String>> table = new TreeMap<>();
        try {
            Object json = Json.parse(Files.readString(file, StandardCharsets.UTF_8));
            if (json instanceof Map<?, ?> top && top.get("configTable") instanceof Map<?, ?> namespaces) {
                for (Map.Entry<?, ?> namespace : namespaces.entrySet()) {
                    table.put((String) namespace.getKey(), texts(namespace.getValue()));
                }
                return table;
            }
            throw new ProtocolException("it has no configTable");
        } catch (ProtocolException malformed) {
            throw new IOException(file + " is no KV configuration: " + malformed.getMessage(), malformed);
        } catch (IOException unreadable) {
            throw new IOException("cannot read the KV configuration " + file + ": " + unreadable, unreadable);
        }
    }

    private static SortedMap<String, String> texts(Object json) {
        SortedMap<String, String> texts = new TreeMap<>();
        if (!(json instanceof Map<?, ?> map)) {
            throw new ProtocolException("a namespace is no JSON object");
        }
        map.forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw new ProtocolException("the value of " + key + " is no text");
            }
            texts.put((String) key, text);
        });
        return texts;
    }
}
