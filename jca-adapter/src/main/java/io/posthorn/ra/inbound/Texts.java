package io.posthorn.ra.inbound;

/** Reading of property values. */
final class Texts {

    private Texts() {}

    static String emptyToNull(String value) {
        return value == null || value.isBlank() ? null : value.trim();
    }
}
