package io.posthorn.server.nameserver;

import io.posthorn.protocol.Frame;
import io.posthorn.protocol.Json;
import io.posthorn.protocol.ResponseCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The KV configuration: PUT_KV_CONFIG, GET_KV_CONFIG, DELETE_KV_CONFIG, GET_KVLIST_BY_NAMESPACE. Called on event loops; a
 * change waits for its file, since changes are rare and made by people.
 */
final class KvHandler {

    private static final Logger LOG = LoggerFactory.getLogger(KvHandler.class);

    private final KvConfig config;

    KvHandler(KvConfig config) {
        this.config = config;
    }

    Answer put(Frame request) {
        RequestFields fields = new RequestFields(request);
        return changed(fields, () -> config.put(fields.text("namespace"), fields.text("key"), fields.text("value")));
    }

    Answer delete(Frame request) {
        RequestFields fields = new RequestFields(request);
        return changed(fields, () -> config.delete(fields.text("namespace"), fields.text("key")));
    }

    Answer get(Frame request) {
        RequestFields fields = new RequestFields(request);
        String namespace = fields.text("namespace");
        String key = fields.text("key");
        return config.get(namespace, key)
                .map(value -> Answer.success(Map.of("value", value)))
                .orElseGet(() -> Answer.error(
                        ResponseCode.QUERY_NOT_FOUND,
                        "no value for the key " + key + " of the namespace " + namespace));
    }

    Answer list(Frame request) {
        String namespace = new RequestFields(request).text("namespace");
        Map<String, String> values = config.namespace(namespace);
        return values.isEmpty()
                ? Answer.error(ResponseCode.QUERY_NOT_FOUND, "nothing in the namespace " + namespace)
                : Answer.success(Map.of(), encode(values));
    }

    /** A table of values as RocketMQ writes it. */
    static byte[] encode(Map<String, String> values) {
        return Json.write(Map.of("table", values)).getBytes(StandardCharsets.UTF_8);
    }

    private static Answer changed(RequestFields fields, Change change) {
        try {
            change.run();
        } catch (KvLimitException refused) {
            return Answer.error(ResponseCode.INVALID_PARAMETER, refused.getMessage());
        } catch (IOException failed) {
            LOG.warn("the KV configuration cannot be kept", failed);
            return Answer.error(ResponseCode.SYSTEM_ERROR, "the KV configuration cannot be kept: " + failed);
        }
        LOG.info("KV configuration: {} {}", fields.text("namespace"), fields.text("key"));
        return Answer.success(Map.of());
    }

    private interface Change {
        void run() throws IOException;
    }
}
