package io.posthorn.jms.message;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;

/** Which names a property may have: those a selector can name (3.5.1), less the ones JMS keeps for itself. */
final class PropertyNames {

    /** The one property of a received message that the provider computes (3.5.11). */
    static final String DELIVERY_COUNT = "JMSXDeliveryCount";

    private static final int RESERVED_MAX_LENGTH = 7;
    private static final String[] RESERVED = {
        "NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE"
    };

    private PropertyNames() {}

    /**
     * Checks the name of a property that is about to be set.
     *
     * @throws IllegalArgumentException if it is null or empty
     * @throws MessageFormatException if it is no identifier, a reserved word, or a JMS… name that is neither JMSX… nor
     *     JMS_…
     */
    static void check(String name) throws JMSException {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("a property name must not be null or empty");
        }
        if (!isIdentifier(name)) {
            throw new MessageFormatException("'" + name + "' is no property name: it must be an identifier as in Java");
        }
        if (name.length() <= RESERVED_MAX_LENGTH && isReserved(name)) {
            throw new MessageFormatException(
                    "'" + name + "' is no property name: it is a word of the selector language");
        }
        if (isKeptByJms(name)) {
            throw new MessageFormatException(
                    "'" + name + "' is no property name: names that begin with JMS are reserved");
        }
    }

    /** Whether it begins with JMS and is neither a JMSX property nor one of a provider. */
    static boolean isKeptByJms(String name) {
        return name.startsWith("JMS") && !name.startsWith("JMSX") && !name.startsWith("JMS_");
    }

    private static boolean isReserved(String name) {
        for (String word : RESERVED) {
            if (word.length() == name.length() && sameLetters(word, name)) {
                return true;
            }
        }
        return false;
    }

    /** Folds ASCII only, as the selector language does. */
    private static boolean sameLetters(String upper, String name) {
        for (int i = 0; i < upper.length(); i++) {
            char c = name.charAt(i);
            if (upper.charAt(i) != (c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIdentifier(String name) {
        int c = name.codePointAt(0);
        if (!Character.isJavaIdentifierStart(c)) {
            return false;
        }
        for (int at = Character.charCount(c); at < name.length(); at += Character.charCount(c)) {
            c = name.codePointAt(at);
            if (!Character.isJavaIdentifierPart(c)) {
                return false;
            }
        }
        return true;
    }
}
