package io.posthorn.server.config;

/** A setting is unknown, or its value is not acceptable. The text is for operators. */
public final class SettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingException(String message) {
        super(message);
    }
}
