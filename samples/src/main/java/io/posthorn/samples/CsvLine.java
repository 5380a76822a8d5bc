package io.posthorn.samples;

import java.util.ArrayList;
import java.util.List;

/** Cuts one line of comma-separated values into its fields (RFC 4180 without line breaks inside a field). */
final class CsvLine {
    private CsvLine() {}

    /**
     * The fields of a line; an empty line is one empty field.
     *
     * @throws IllegalArgumentException if a quote is not closed, or stands where none may be
     */
    static List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        int at = 0;
        while (true) {
            field.setLength(0);
            at = at < line.length() && line.charAt(at) == '"' ? quoted(line, at, field) : plain(line, at, field);
            fields.add(field.toString());
            if (at == line.length()) {
                return fields;
            }
            if (line.charAt(at) != ',') {
                throw new IllegalArgumentException("a comma is missing at column " + (at + 1));
            }
            at++;
        }
    }

    /** Reads up to the next comma and returns its index, or the end of the line. */
    private static int plain(String line, int start, StringBuilder field) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        int quote = line.indexOf('"', start);
        if (quote >= 0 && quote < end) {
            throw new IllegalArgumentException("a quote inside a field without quotes at column " + (quote + 1));
        }
        field.append(line, start, end);
        return end;
    }

    /** Reads a field in quotes, in which two quotes mean one, and returns the index behind the closing one. */
    private static int quoted(String line, int start, StringBuilder field) {
        int at = start + 1;
        while (true) {
            int quote = line.indexOf('"', at);
            if (quote < 0) {
                throw new IllegalArgumentException("the quote at column " + (start + 1) + " is not closed");
            }
            field.append(line, at, quote);
            if (quote + 1 == line.length() || line.charAt(quote + 1) != '"') {
                return quote + 1;
            }
            field.append('"');
            at = quote + 2;
        }
    }
}
