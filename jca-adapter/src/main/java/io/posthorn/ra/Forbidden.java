package io.posthorn.ra;

import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;

/** What applications get who call what they must not in web and EJB containers (Jakarta Messaging 3.1, 12.2). */
final class Forbidden {

    private static final String TEXT = " must not be called in web and EJB applications";

    private Forbidden() {}

    /** For the classic API. */
    static IllegalStateException exception(String method) {
        return new IllegalStateException(method + TEXT);
    }

    /** For the simplified API. */
    static IllegalStateRuntimeException unchecked(String method) {
        return new IllegalStateRuntimeException(method + TEXT);
    }
}
