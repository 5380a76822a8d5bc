package io.posthorn.server.nameserver;

import io.posthorn.protocol.ResponseCode;
import java.util.Map;

/**
 * What a handler answers.
 *
 * @param code a {@link ResponseCode}
 * @param remark text for people, or null
 * @param ext header fields; not null
 * @param body not null, maybe empty
 */
record Answer(int code, String remark, Map<String, String> ext, byte[] body) {

    private static final byte[] NO_BODY = {};

    static Answer success(Map<String, String> ext) {
        return success(ext, NO_BODY);
    }

    static Answer success(Map<String, String> ext, byte[] body) {
        return new Answer(ResponseCode.SUCCESS, null, ext, body);
    }

    static Answer error(int code, String remark) {
        return new Answer(code, remark, Map.of(), NO_BODY);
    }
}
