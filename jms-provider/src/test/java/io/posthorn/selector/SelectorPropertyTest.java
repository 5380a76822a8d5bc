package io.posthorn.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random conditions, each made twice: as text for the parser, and as a function that follows the specification's wording
 * without any of the parser's classes (Boolean with null for unknown). Both must agree on random messages.
 */
class SelectorPropertyTest {

    private static final int SELECTORS = 4_000;
    private static final int MESSAGES_EACH = 12;
    private static final String[] NAMES = {"a", "b", "c", "d", "e"};
    private static final String[] STRINGS = {"", "x", "xy", "xyx", "y'x", "%", "a_b", "x\ny"};

    private record Text(String text, Function<Map<String, Object>, Boolean> meaning) {}

    private record Term(String text, Function<Map<String, Object>, Object> meaning) {}

    private SplittableRandom random;

    @Test
    void parserAndNaiveEvaluatorAgree() {
        long seed = Long.getLong("posthorn.seed", 20261122L);
        random = new SplittableRandom(seed);
        for (int i = 0; i < SELECTORS; i++) {
            Text condition = condition(4);
            Selector selector = Selector.parse(condition.text());
            Selector negation = Selector.parse("NOT (" + condition.text() + ")");
            for (int j = 0; j < MESSAGES_EACH; j++) {
                Map<String, Object> message = message();
                Boolean expected = condition.meaning().apply(message);
                String where = "seed " + seed + ", selector " + i + ": " + condition.text() + " on " + message;
                assertEquals(Boolean.TRUE.equals(expected), selector.matches(message::get), where);
                assertEquals(Boolean.FALSE.equals(expected), negation.matches(message::get), "NOT, " + where);
            }
        }
    }

    @Test
    void mutilatedTextIsParsedOrRefusedButNothingElse() {
        long seed = Long.getLong("posthorn.seed", 20261123L);
        random = new SplittableRandom(seed);
        String noise = "()'=<>+-*/,._0x9eEL\" \u00e4\uD83D%!";
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(condition(3).text());
            for (int edits = 1 + random.nextInt(3); edits > 0 && text.length() > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, noise.charAt(random.nextInt(noise.length())));
                    default -> text.setCharAt(at, noise.charAt(random.nextInt(noise.length())));
                }
            }
            try {
                Selector.parse(text.toString()).matches(message()::get);
            } catch (SelectorSyntaxException expected) {
                refused++;
            } catch (RuntimeException wrong) {
                throw new AssertionError("seed " + seed + ": " + text, wrong);
            }
        }
        assertThrows(SelectorSyntaxException.class, () -> Selector.parse("("));
        assertEquals(true, refused > 1_000 && refused < 5_000, "refused " + refused);
    }

    private Map<String, Object> message() {
        Map<String, Object> message = new HashMap<>();
        for (String name : NAMES) {
            Object value = switch (random.nextInt(10)) {
                case 0 -> random.nextBoolean();
                case 1 -> (byte) random.nextInt(-3, 4);
                case 2 -> (short) random.nextInt(-3, 4);
                case 3 -> random.nextInt(-3, 4);
                case 4 -> (long) random.nextInt(-3, 4);
                case 5 -> random.nextInt(-6, 7) / 2f;
                case 6 -> random.nextInt(-6, 7) / 2d;
                case 7, 8 -> STRINGS[random.nextInt(STRINGS.length)];
                default -> null;
            };
            if (value != null) {
                message.put(name, value);
            }
        }
        return message;
    }

    private Text condition(int depth) {
        switch (random.nextInt(depth > 0 ? 11 : 7)) {
            case 0:
                return comparison(depth);
            case 1:
                return between(depth);
            case 2:
                return in();
            case 3:
                return like();
            case 4:
                return isNull();
            case 5:
                String flag = name();
                return new Text(flag, m -> m.get(flag) instanceof Boolean b ? b : null);
            case 6:
                return stringOrBooleanEquality();
            case 7:
                Text inner = condition(depth - 1);
                return new Text(
                        word("NOT") + " (" + inner.text() + ")",
                        m -> not(inner.meaning().apply(m)));
            case 8, 9:
                return joined("AND", depth, parts -> {
                    if (parts.contains(false)) {
                        return false;
                    }
                    return parts.contains(null) ? null : Boolean.TRUE;
                });
            default:
                return joined("OR", depth, parts -> {
                    if (parts.contains(true)) {
                        return true;
                    }
                    return parts.contains(null) ? null : Boolean.FALSE;
                });
        }
    }

    private Text joined(String operator, int depth, Function<List<Boolean>, Boolean> table) {
        List<Text> parts = new ArrayList<>();
        for (int i = 2 + random.nextInt(2); i > 0; i--) {
            parts.add(condition(depth - 1));
        }
        String text = parts.stream()
                .map(p -> "(" + p.text() + ")")
                .collect(Collectors.joining(space() + word(operator) + space()));
        return new Text(text, m -> {
            List<Boolean> values = new ArrayList<>();
            for (Text part : parts) {
                values.add(part.meaning().apply(m));
            }
            return table.apply(values);
        });
    }

    private Text comparison(int depth) {
        Term left = term(Math.min(depth, 2));
        Term right = term(Math.min(depth, 2));
        String operator = pick("=", "<>", "<", "<=", ">", ">=");
        return new Text(
                left.text() + pick("", " ") + operator + space() + right.text(),
                m -> compare(operator, left.meaning().apply(m), right.meaning().apply(m)));
    }

    private Text stringOrBooleanEquality() {
        String name = name();
        String operator = pick("=", "<>");
        boolean flip = random.nextBoolean();
        Object constant =
                random.nextBoolean() ? STRINGS[random.nextInt(STRINGS.length)] : (Object) random.nextBoolean();
        String literal = constant instanceof String s ? quote(s) : word(constant.toString());
        return new Text(
                flip ? literal + operator + " " + name : name + " " + operator + " " + literal,
                m -> compare(operator, m.get(name), constant));
    }

    private Text between(int depth) {
        Term operand = term(Math.min(depth, 1));
        Term low = term(Math.min(depth, 1));
        Term high = term(Math.min(depth, 1));
        boolean negated = random.nextBoolean();
        String text = operand.text() + (negated ? " " + word("NOT") : "") + " " + word("BETWEEN") + " " + low.text()
                + " " + word("AND") + " " + high.text();
        return new Text(text, m -> {
            Object x = operand.meaning().apply(m);
            Boolean first = compare(negated ? "<" : ">=", x, low.meaning().apply(m));
            Boolean second = compare(negated ? ">" : "<=", x, high.meaning().apply(m));
            if (negated) {
                return first == Boolean.TRUE || second == Boolean.TRUE
                        ? Boolean.TRUE
                        : first == null || second == null ? null : Boolean.FALSE;
            }
            return first == Boolean.FALSE || second == Boolean.FALSE
                    ? Boolean.FALSE
                    : first == null || second == null ? null : Boolean.TRUE;
        });
    }

    private Text in() {
        String name = name();
        List<String> list = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            list.add(STRINGS[random.nextInt(STRINGS.length)]);
        }
        boolean negated = random.nextBoolean();
        String text = name + (negated ? " " + word("NOT") : "") + " " + word("IN") + " ("
                + list.stream().map(SelectorPropertyTest::quote).collect(Collectors.joining(pick(",", " , "))) + ")";
        return new Text(text, m -> {
            Object value = m.get(name);
            return value == null ? null : (Boolean) (value instanceof String s && list.contains(s) != negated);
        });
    }

    /** The naive side of LIKE is a regular expression. */
    private Text like() {
        String name = name();
        boolean escaped = random.nextBoolean();
        StringBuilder pattern = new StringBuilder();
        StringBuilder regex = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            String part = pick("%", "_", "x", "y", "'", "\n", "!%", "!_", "!x");
            if (part.length() == 2 && !escaped) {
                part = part.substring(1);
            }
            pattern.append(part);
            regex.append(
                    part.equals("%")
                            ? ".*"
                            : part.equals("_") ? "." : Pattern.quote(part.substring(part.length() - 1)));
        }
        boolean negated = random.nextBoolean();
        Pattern compiled = Pattern.compile(regex.toString(), Pattern.DOTALL);
        String text = name + (negated ? " " + word("NOT") : "") + " " + word("LIKE") + " " + quote(pattern.toString())
                + (escaped ? " " + word("ESCAPE") + " '!'" : "");
        return new Text(text, m -> {
            Object value = m.get(name);
            return value == null
                    ? null
                    : (Boolean)
                            (value instanceof String s && compiled.matcher(s).matches() != negated);
        });
    }

    private Text isNull() {
        String name = name();
        boolean negated = random.nextBoolean();
        return new Text(
                name + " " + word("IS") + (negated ? " " + word("NOT") : "") + " " + word("NULL"),
                m -> (m.get(name) == null) != negated);
    }

    private Term term(int depth) {
        switch (random.nextInt(depth > 0 ? 7 : 4)) {
            case 0, 1:
                String name = name();
                return new Term(name, m -> m.get(name));
            case 2:
                long exact = random.nextInt(0, 4);
                return new Term(pick("" + exact, exact + "L", "0x" + exact, "0" + exact), m -> exact);
            case 3:
                double value = random.nextInt(0, 8) / 2d;
                return random.nextInt(4) == 0
                        ? new Term(value + "f", m -> (float) value)
                        : new Term(pick("" + value, value + "d", value + "e0"), m -> value);
            case 4:
                Term signed = term(depth - 1);
                return new Term(
                        "-(" + signed.text() + ")",
                        m -> naive('-', (byte) 0, signed.meaning().apply(m), true));
            default:
                Term left = term(depth - 1);
                Term right = term(depth - 1);
                char operator = "+-*/".charAt(random.nextInt(4));
                return new Term(
                        "(" + left.text() + " " + operator + " " + right.text() + ")",
                        m -> naive(
                                operator,
                                left.meaning().apply(m),
                                right.meaning().apply(m),
                                false));
        }
    }

    private static Object naive(char operator, Object left, Object right, boolean sign) {
        if (!(left instanceof Number l) || !(right instanceof Number r)) {
            return null;
        }
        // The compiler's own promotion, for each pair of types.
        if (l instanceof Double || r instanceof Double) {
            double x = l.doubleValue();
            double y = r.doubleValue();
            return sign ? -y : operator == '+' ? x + y : operator == '-' ? x - y : operator == '*' ? x * y : x / y;
        }
        if (l instanceof Float || r instanceof Float) {
            float x = l.floatValue();
            float y = r.floatValue();
            return sign ? -y : operator == '+' ? x + y : operator == '-' ? x - y : operator == '*' ? x * y : x / y;
        }
        if (operator == '/' && r.longValue() == 0) {
            return null;
        }
        if (l instanceof Long || r instanceof Long) {
            long x = l.longValue();
            long y = r.longValue();
            return sign ? -y : operator == '+' ? x + y : operator == '-' ? x - y : operator == '*' ? x * y : x / y;
        }
        int x = l.intValue();
        int y = r.intValue();
        return sign ? -y : operator == '+' ? x + y : operator == '-' ? x - y : operator == '*' ? x * y : x / y;
    }

    private static Boolean compare(String operator, Object left, Object right) {
        if (left == null || right == null) {
            return null;
        }
        if (left instanceof Number l && right instanceof Number r) {
            boolean single = isFloatAtMost(l) && isFloatAtMost(r) && (l instanceof Float || r instanceof Float);
            double x = single ? l.floatValue() : l.doubleValue();
            double y = single ? r.floatValue() : r.doubleValue();
            return switch (operator) {
                case "=" -> x == y;
                case "<>" -> x != y;
                case "<" -> x < y;
                case "<=" -> x <= y;
                case ">" -> x > y;
                default -> x >= y;
            };
        }
        if (left.getClass() != right.getClass() || operator.matches("<|<=|>|>=")) {
            return false;
        }
        return operator.equals("=") == left.equals(right);
    }

    private static Boolean not(Boolean value) {
        return value == null ? null : (Boolean) !value;
    }

    private static boolean isFloatAtMost(Number value) {
        return !(value instanceof Double);
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private String word(String keyword) {
        return random.nextBoolean()
                ? keyword.toUpperCase(java.util.Locale.ROOT)
                : keyword.toLowerCase(java.util.Locale.ROOT);
    }

    private String space() {
        return pick(" ", "  ", "\t", "\n", "\f", "\r\n");
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
