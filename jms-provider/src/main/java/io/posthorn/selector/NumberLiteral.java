package io.posthorn.selector;

/** Numeric literals in the syntax of Java: decimal, hexadecimal, octal and binary, underscores, L, F and D suffixes. */
final class NumberLiteral {

    private NumberLiteral() {}

    /**
     * The value of a literal without sign.
     *
     * @return a Long, Float or Double; null for 9223372036854775808, which fits only with a minus before it
     * @throws NumberFormatException with a text for the user
     */
    static Object parse(String literal) {
        String digits = withoutUnderscores(literal);
        boolean prefixed = digits.length() > 1 && digits.charAt(0) == '0';
        char mark = prefixed ? Character.toLowerCase(digits.charAt(1)) : ' ';
        boolean hex = mark == 'x';
        if (isFloating(digits, hex)) {
            return floating(literal, digits);
        }
        char last = digits.charAt(digits.length() - 1);
        String whole = last == 'l' || last == 'L' ? digits.substring(0, digits.length() - 1) : digits;
        if (hex) {
            return unsigned(literal, whole.substring(2), 16);
        }
        if (mark == 'b') {
            return unsigned(literal, whole.substring(2), 2);
        }
        if (whole.length() > 1 && prefixed) {
            return unsigned(literal, whole.substring(1), 8);
        }
        return decimal(literal, whole);
    }

    private static boolean isFloating(String digits, boolean hex) {
        for (int i = 0; i < digits.length(); i++) {
            char c = Character.toLowerCase(digits.charAt(i));
            if (c == '.' || (hex ? c == 'p' : c == 'e' || c == 'f' || c == 'd')) {
                return true;
            }
        }
        return false;
    }

    private static Object floating(String literal, String digits) {
        char last = digits.charAt(digits.length() - 1);
        double value;
        Object result;
        try {
            if (last == 'f' || last == 'F') {
                float f = Float.parseFloat(digits);
                value = f;
                result = f;
            } else {
                value = Double.parseDouble(digits);
                result = value;
            }
        } catch (NumberFormatException wrong) {
            throw notANumber(literal);
        }
        if (Double.isInfinite(value)) {
            throw tooLarge(literal);
        }
        return result;
    }

    private static Long unsigned(String literal, String digits, int radix) {
        if (!allDigits(digits, radix)) {
            throw notANumber(literal);
        }
        try {
            return Long.parseUnsignedLong(digits, radix);
        } catch (NumberFormatException tooLong) {
            throw tooLarge(literal);
        }
    }

    private static Long decimal(String literal, String digits) {
        if (!allDigits(digits, 10)) {
            throw notANumber(literal);
        }
        if (digits.equals("9223372036854775808")) {
            return null;
        }
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException tooLong) {
            throw tooLarge(literal);
        }
    }

    private static boolean allDigits(String digits, int radix) {
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c > 'f' || Character.digit(c, radix) < 0) {
                return false;
            }
        }
        return !digits.isEmpty();
    }

    /** Java allows underscores between digits, and nowhere else. */
    private static String withoutUnderscores(String literal) {
        if (literal.indexOf('_') < 0) {
            return literal;
        }
        for (int i = literal.indexOf('_'); i >= 0; i = literal.indexOf('_', i + 1)) {
            boolean inside = i > 0 && i < literal.length() - 1;
            if (!inside || !isDigitOrUnderscore(literal.charAt(i - 1)) || !isDigitOrUnderscore(literal.charAt(i + 1))) {
                throw notANumber(literal);
            }
        }
        return literal.replace("_", "");
    }

    private static boolean isDigitOrUnderscore(char c) {
        return c == '_' || c <= 'f' && Character.digit(c, 16) >= 0;
    }

    private static NumberFormatException notANumber(String literal) {
        return new NumberFormatException("'" + shortened(literal) + "' is not a number");
    }

    private static NumberFormatException tooLarge(String literal) {
        return new NumberFormatException("the number " + shortened(literal) + " is out of range");
    }

    private static String shortened(String literal) {
        return literal.length() <= 40 ? literal : literal.substring(0, 37) + "...";
    }
}
