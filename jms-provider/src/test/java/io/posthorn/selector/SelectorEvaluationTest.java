package io.posthorn.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three tables over one message: selectors that are true, that are false, and that are unknown. The three differ in what
 * NOT makes of them.
 */
class SelectorEvaluationTest {

    private static final Map<String, Object> MESSAGE = message();

    private static Map<String, Object> message() {
        Map<String, Object> values = new HashMap<>();
        values.put("JMSDeliveryMode", "PERSISTENT");
        values.put("JMSPriority", 7);
        values.put("JMSTimestamp", 1_700_000_000_000L);
        values.put("JMSMessageID", "ID:1");
        values.put("JMSType", "");
        values.put("JMSXGroupID", "g1");
        values.put("JMS_Posthorn_x", 1);
        values.put("yes", true);
        values.put("no", false);
        values.put("one", (byte) 1);
        values.put("two", (short) 2);
        values.put("three", 3);
        values.put("four", 4L);
        values.put("half", 0.5f);
        values.put("quarter", 0.25d);
        values.put("tenth", 0.1f);
        values.put("minLong", Long.MIN_VALUE);
        values.put("maxLong", Long.MAX_VALUE);
        values.put("maxInt", Integer.MAX_VALUE);
        values.put("minInt", Integer.MIN_VALUE);
        values.put("bigFloat", 16777216f);
        values.put("bigLong", 16777217L);
        values.put("word", "hello");
        values.put("seven", "7");
        values.put("quoted", "it's");
        values.put("percent", "50%_off\\now");
        values.put("lines", "a\nb\r\nc");
        values.put("dots", "a.c*d[e]");
        values.put("face", "a\uD83D\uDE00b");
        values.put("empty", "");
        values.put("$x", 1);
        values.put("_1", 1);
        values.put("größe", 10);
        values.put("\uD835\uDC65", 1);
        values.put("And1", "keyword prefix");
        values.put("Three", 33);
        values.put("explicitNull", null);
        values.put("odd", 'c');
        return values;
    }

    private static boolean matches(String selector) {
        return Selector.parse(selector).matches(MESSAGE::get);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // literals and constants
                "TRUE",
                "true",
                "TrUe OR false",
                "TRUE OR (FALSE AND FALSE)",
                "NOT FALSE",
                "1 = 1",
                "0x1d = 29",
                "0X1D=29",
                "035 = 29",
                "0b11 = 3",
                "1_000 = 1000",
                "0 = 00",
                "7000. = 7E3",
                ".7e4 = 7e+3",
                "70000e-1 = 7000",
                "6.2 > 6.1",
                "5f = 5",
                "5D = 5L",
                "0x1p3 = 8",
                "0x1.8p1 = 3",
                "0x1e-5 = 25",
                "-9223372036854775808 = minLong",
                "- 9223372036854775808L = minLong",
                "-0x8000000000000000 = minLong",
                "9223372036854775807 = maxLong",
                "9223372036854775807L = maxLong",
                "'it''s' = quoted",
                "'''' <> quoted",
                "'' = empty",
                // identifiers
                "$x = 1",
                "_1 = 1",
                "größe = 10",
                "\uD835\uDC65 = 1",
                "And1 = 'keyword prefix'",
                "Three = 33 and three = 3",
                "JMS_Posthorn_x = 1",
                "JMSXGroupID = 'g1'",
                // headers
                "JMSDeliveryMode = 'PERSISTENT'",
                "JMSDeliveryMode <> 'NON_PERSISTENT'",
                "JMSDeliveryMode IN ('PERSISTENT')",
                "JMSPriority >= 5",
                "JMSTimestamp BETWEEN 1 AND 2000000000000",
                "JMSMessageID LIKE 'ID:%'",
                "JMSCorrelationID IS NULL",
                "JMSType = ''",
                "JMSType IS NOT NULL",
                // white space and case of keywords
                "\f three\t=\n3\r\n ",
                "three=3 and two=2",
                "word LiKe 'h%' aNd noT word iN ('x') Or no",
                "three between 1 and 5",
                "nothing is null",
                "word Is Not Null",
                // precedence
                "- three + four = 1",
                "one+two*three-four/two = 5",
                "four - two - one = 1",
                "four / two / two = 1",
                "(one+two)*three = 9",
                "NOT no AND yes",
                "NOT yes OR yes",
                "no AND no OR yes",
                "yes OR no AND no",
                "NOT three = 4",
                "NOT NOT yes",
                "yes OR yes AND no",
                "three + 1 BETWEEN two * 2 AND two + 2",
                "5 BETWEEN three AND 7",
                "--three = 3",
                "three -- one = 4",
                "-+-three = 3",
                "-(three) = -3",
                "+three = 3",
                "+(-three) * -1 = 3",
                // arithmetic and promotion
                "one + two = three",
                "maxInt + maxInt = -2",
                "maxInt * two < 0",
                "maxInt + 1 = 2147483648",
                "-minInt = minInt",
                "minInt / -1 = 2147483648",
                "2147483647 + 1 = 2147483648",
                "tenth * 10 = 1",
                "tenth * 10. <> 1",
                "tenth + tenth = 0.2f",
                "-tenth = -0.1f",
                "maxLong = 9223372036854775806f",
                "bigFloat = 16777217",
                "bigFloat = bigLong",
                "bigFloat <> 16777217.",
                "7 / 2 = 3",
                "7 / 2. = 3.5",
                "-7 / 2 = -3",
                "half + quarter = 0.75",
                "three * half = 1.5",
                "1.0 / 0 > maxLong",
                "tenth = 0.1f",
                "tenth <> 0.1",
                "half = 0.5",
                "four = 4.0",
                "maxLong + 1 = minLong",
                "minLong / -1 = minLong",
                // comparison
                "three = 3 AND three <> 4 AND three < 4 AND three <= 3 AND three > 2 AND three >= 3",
                "3 = three AND 4 <> three AND 4 > three AND 3 >= three AND 2 < three AND 3 <= three",
                "2 < three",
                "three < four",
                "four > half",
                "yes = TRUE",
                "TRUE = yes",
                "no <> TRUE",
                "yes <> no",
                "word = 'hello'",
                "'hello' = word",
                "word <> 'Hello'",
                "word = word",
                "(word) = ('hello')",
                "(yes)",
                "((yes) AND (three = 3))",
                // between
                "three BETWEEN 3 AND 3",
                "three NOT BETWEEN 4 AND 9",
                "three NOT BETWEEN 4 AND 2",
                "half BETWEEN 0 AND 1",
                "three NOT BETWEEN nothing AND 2",
                "three NOT BETWEEN 4 AND nothing",
                // in
                "word IN ('hello')",
                "word IN ('a', 'hello','b', 'a')",
                "word NOT IN ('a')",
                "empty IN ('')",
                "quoted IN ('it''s')",
                // like
                "word LIKE 'hello'",
                "word LIKE 'h%'",
                "word LIKE '%o'",
                "word LIKE '%ell%'",
                "word LIKE '%'",
                "word LIKE '%%'",
                "word LIKE '_____'",
                "word LIKE 'h_l%'",
                "word LIKE '%l_'",
                "word LIKE '%e%l%o%'",
                "word LIKE '%_o'",
                "word NOT LIKE 'hell'",
                "word NOT LIKE 'ello'",
                "word NOT LIKE '____'",
                "word NOT LIKE '______'",
                "word NOT LIKE 'HELLO'",
                "word NOT LIKE ''",
                "empty LIKE ''",
                "empty LIKE '%'",
                "empty NOT LIKE '_'",
                "empty NOT LIKE '_%'",
                "percent LIKE '50\\%\\_off%' ESCAPE '\\'",
                "percent LIKE '50!%%' ESCAPE '!'",
                "percent LIKE '%!_off%' ESCAPE '!'",
                "percent LIKE '%\\now'",
                "percent LIKE '%\\\\now' ESCAPE '\\'",
                "word LIKE '!h!ello' ESCAPE '!'",
                "word LIKE 'h%%' ESCAPE '_'",
                "word NOT LIKE 'h%%lo' ESCAPE '%'",
                "quoted LIKE 'it''s'",
                "quoted LIKE 'it''''s' ESCAPE ''''",
                "lines LIKE 'a%c'",
                "lines LIKE 'a_b__c'",
                "dots LIKE 'a.c*d[e]'",
                "dots NOT LIKE 'abc%'",
                "dots LIKE '%[_]'",
                "face LIKE 'a_b'",
                "face NOT LIKE 'a__b'",
                "face LIKE '%_b'",
                "face LIKE '%\uD83D\uDE00_'",
                // is null
                "nothing IS NULL",
                "explicitNull IS NULL",
                "word IS NOT NULL",
                "empty IS NOT NULL",
                // three-valued logic
                "nothing OR yes",
                "yes OR nothing",
                "NOT (nothing AND no)",
                "NOT (no AND nothing)",
            })
    void isTrue(String selector) {
        assertTrue(matches(selector), selector);
        assertFalse(matches("NOT (" + selector + ")"), "NOT " + selector);
        assertTrue(matches("(" + selector + ") AND yes OR no"), selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FALSE",
                "1 = 2",
                "1 <> 1",
                "three = 4",
                "Three = 3 OR three = 33",
                "no",
                "NOT yes",
                "yes = FALSE",
                "yes <> TRUE",
                "yes AND no",
                "no OR no",
                "no AND nothing",
                "nothing AND no",
                // unlike types are false with every operator
                "seven = 7",
                "seven <> 7",
                "seven > 1",
                "seven < 8",
                "7 = seven",
                "seven BETWEEN 1 AND 9",
                "seven NOT BETWEEN 8 AND 9",
                "three = '3'",
                "three <> '3'",
                "three = TRUE",
                "three <> TRUE",
                "yes = 'true'",
                "yes <> 'true'",
                "yes = 1",
                "yes <> 1",
                "word = TRUE",
                "word > seven",
                "word <= word",
                "yes >= yes",
                "yes < no",
                "word = yes",
                "word <> yes",
                "three <> word",
                "odd = 1",
                "odd = 'c'",
                "odd <> 'c'",
                "three BETWEEN word AND 9",
                "three IN ('3')",
                "three NOT IN ('a')",
                "yes IN ('true')",
                "yes NOT IN ('a')",
                "three LIKE '3'",
                "three LIKE '%'",
                "three NOT LIKE 'x%'",
                "half NOT LIKE 'x'",
                "word IS NULL",
                "nothing IS NOT NULL",
                "explicitNull IS NOT NULL",
                "tenth = 0.1",
                "three BETWEEN 4 AND nothing",
                "three BETWEEN nothing AND 2",
                "three BETWEEN 4 AND 2",
                "three NOT BETWEEN 3 AND 3",
                "JMSType = 'x'",
                "JMSDeliveryMode = 'NON_PERSISTENT'",
                "JMSDeliveryMode = 2",
                "JMSPriority = '7'",
                "word IN ('HELLO', 'hell')",
                "word NOT IN ('hello')",
                "word NOT LIKE '%'",
                "percent LIKE '50!_%' ESCAPE '!'",
            })
    void isFalse(String selector) {
        assertFalse(matches(selector), selector);
        assertTrue(matches("NOT (" + selector + ")"), "NOT " + selector);
        assertFalse(matches("(" + selector + ") AND yes OR no"), selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "explicitNull",
                "NOT nothing",
                "word",
                "three",
                "NOT three",
                "nothing = 1",
                "nothing <> 1",
                "1 < nothing",
                "nothing = 'a'",
                "nothing <> 'a'",
                "nothing = TRUE",
                "nothing = nothing",
                "nothing <> nothing",
                "nothing = word",
                "word <> nothing",
                "nothing + 1 = 1",
                "-nothing = 1",
                "+nothing = 1",
                "nothing BETWEEN 1 AND 2",
                "nothing NOT BETWEEN 1 AND 2",
                "three BETWEEN nothing AND 4",
                "three BETWEEN 1 AND nothing",
                "three NOT BETWEEN nothing AND 4",
                "nothing IN ('a')",
                "nothing NOT IN ('a')",
                "nothing LIKE '%'",
                "nothing NOT LIKE '%'",
                "JMSCorrelationID = 'x'",
                "JMSXUserID = 'x'",
                "1 / 0 = 1",
                "three / 0 = 1",
                "three / (one - 1) <> 1",
                "word + 1 > 0",
                "-word = 1",
                "+word = 1",
                "yes * 2 = 2",
                "nothing AND yes",
                "yes AND nothing",
                "nothing OR no",
                "no OR nothing",
                "nothing AND nothing",
                "nothing OR nothing",
            })
    void isUnknown(String selector) {
        assertFalse(matches(selector), selector);
        assertFalse(matches("NOT (" + selector + ")"), "NOT " + selector);
        assertFalse(matches("(" + selector + ") AND yes"), selector);
        assertTrue(matches("(" + selector + ") OR yes"), selector);
    }

    @Test
    void truthTables() {
        String[] operands = {"FALSE", "nothing", "TRUE"};
        for (int left = 0; left < 3; left++) {
            assertEquals(2 - left, truthOf("NOT " + operands[left]));
            for (int right = 0; right < 3; right++) {
                assertEquals(Math.min(left, right), truthOf(operands[left] + " AND " + operands[right]));
                assertEquals(Math.max(left, right), truthOf(operands[left] + " OR " + operands[right]));
            }
        }
    }

    private static int truthOf(String selector) {
        return matches(selector) ? 2 : matches("NOT (" + selector + ")") ? 0 : 1;
    }
}
