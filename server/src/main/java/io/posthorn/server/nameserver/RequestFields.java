package io.posthorn.server.nameserver;

import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.server.route.BrokerIdentity;

/** The ext fields of one request, read by type; a missing or malformed one throws {@link ProtocolException} naming it. */
record RequestFields(Frame request) {

    String text(String field) {
        String value = request.ext().get(field);
        if (value == null) {
            throw new ProtocolException("the custom field <" + field + "> is missing");
        }
        return value;
    }

    /** The text, or null when absent. */
    String optionalText(String field) {
        return request.ext().get(field);
    }

    long number(String field) {
        return parse(field, text(field));
    }

    long number(String field, long whenAbsent) {
        String value = request.ext().get(field);
        return value == null || value.isEmpty() ? whenAbsent : parse(field, value);
    }

    boolean flag(String field) {
        return Boolean.parseBoolean(request.ext().get(field));
    }

    /** The four fields by which every request of a broker names it. */
    BrokerIdentity broker() {
        long brokerId = number("brokerId");
        if (brokerId < 0) {
            throw new ProtocolException("a broker id is not negative: " + brokerId);
        }
        return new BrokerIdentity(text("clusterName"), text("brokerName"), brokerId, text("brokerAddr"));
    }

    private static long parse(String field, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new ProtocolException("the custom field <" + field + "> is no number: " + value);
        }
    }
}
