package io.posthorn.selector;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorSyntaxTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \t",
                "=TEST 'test'",
                "= 'x'",
                "a =",
                "a = = 1",
                "a = 1 = 1",
                "a < b < c",
                "a == 1",
                "a != 1",
                "a ! b",
                "a >< 1",
                "a => 1",
                "a = \"x\"",
                "a = 'x",
                "'",
                "a = 'it's'",
                "(a = 1",
                "a = 1)",
                "((a = 1)",
                "()",
                "a = ()",
                "a = 1 b = 2",
                "a b",
                "a = 1 AND",
                "AND a = 1",
                "a = 1 OR OR b = 2",
                "NOT",
                "a NOT",
                "a NOT = 1",
                "a NOT b",
                "a = NOT b",
                "a + (b = 1) = 2",
                "(a = 1) = TRUE",
                "(a = 1) + 1 = 2",
                "1",
                "'x'",
                "1 + 2",
                "a + 1",
                "-a",
                "a AND 1",
                "a OR 'x'",
                "NOT 1",
                "NOT 'x'",
                "NULL",
                "a = NULL",
                "NULL = a",
                // reserved words are no identifiers, in any case
                "NULL = 0",
                "TRUE1 = 1 AND NOT = 1",
                "and = 0",
                "Or = 0",
                "between = 0",
                "LIKE = 0",
                "in = 0",
                "IS = 0",
                "escape = 0",
                "Escape LIKE 'x'",
                "not = 0",
                // strings and booleans have no order
                "a > 'foo'",
                "a >= 'foo'",
                "a < 'foo'",
                "a <= 'foo'",
                "'foo' > a",
                "'foo' > TRUE",
                "'a' < 'b'",
                "a > TRUE",
                "a <= FALSE",
                "TRUE >= a",
                "a > ('foo')",
                // constants that can never be equal
                "TRUE = 0",
                "FALSE <> 0",
                "'a' = 1",
                "1 <> 'a'",
                "TRUE = 'true'",
                "1/0 = 'a'",
                // no arithmetic with them either
                "'a' + 1 = 2",
                "a + 'x' = 2",
                "-'x' = 2",
                "+TRUE = a",
                "a * TRUE = 2",
                "a / 'x' = 2",
                // between
                "a BETWEEN 'a' AND 'b'",
                "a BETWEEN 1 AND 'b'",
                "a BETWEEN TRUE AND 2",
                "'a' BETWEEN 1 AND 2",
                "TRUE BETWEEN 1 AND 2",
                "a BETWEEN 1",
                "a BETWEEN 1 AND",
                "a BETWEEN 1 OR 2",
                "a BETWEEN (1 AND 2)",
                "a NOT BETWEEN 'a' AND 'b'",
                // in
                "a IN (1, 2)",
                "a IN (1)",
                "a IN ()",
                "a IN ('a',)",
                "a IN (,'a')",
                "a IN ('a' 'b')",
                "a IN 'a'",
                "a IN ('a'",
                "a IN (b)",
                "a IN (TRUE)",
                "a IN (NULL)",
                "'a' IN ('a')",
                "1 IN ('a')",
                "a + 1 IN ('a')",
                "(a) IN ('a')",
                "-a IN ('a')",
                // like
                "a LIKE 1",
                "a LIKE b",
                "a LIKE",
                "a LIKE ('x')",
                "a LIKE TRUE",
                "a LIKE 'x' ESCAPE",
                "a LIKE 'x' ESCAPE 1",
                "a LIKE 'x' ESCAPE ''",
                "a LIKE 'x' ESCAPE 'ab'",
                "a LIKE 'x!' ESCAPE '!'",
                "'a' LIKE 'a'",
                "1 LIKE 'a'",
                "(a) LIKE 'a'",
                "a + b LIKE 'a'",
                "a LIKE 'a' LIKE 'b'",
                // is null
                "a IS",
                "a IS 1",
                "a IS TRUE",
                "a IS NOT",
                "a NOT IS NULL",
                "a IS NULL NULL",
                "1 IS NULL",
                "'a' IS NULL",
                "a + 1 IS NULL",
                "(a) IS NULL",
                "IS NULL",
                "IS NOT NULL",
                // numbers
                "a = 9223372036854775808",
                "a = -(9223372036854775808)",
                "a = 1 - 9223372036854775808",
                "a = -9223372036854775809",
                "a = 0x10000000000000000",
                "a = 08",
                "a = 0x",
                "a = 0xg",
                "a = 0b2",
                "a = 1.2.3",
                "a = 1e",
                "a = 1e+",
                "a = 1e999",
                "a = 1e999f",
                "a = 1ab",
                "a = 5AND b",
                "a = 1_",
                "a = 1_L",
                "a = 1_.0",
                "a = 0x_1",
                "a = 5LL",
                "a = 5Lf",
                "a = .",
                "a = 1.5L",
                "a = \u0661",
                "a = 1\u0000",
                // no dots in identifiers, no comments, other stray characters
                "a.b = 1",
                "a # 1",
                "a = 1 -- a comment",
                "a /* c */ = 1",
                "a = 1;",
                "a % 2 = 1",
                "a\u00A0= 1",
                "a = 1 \u2028",
                "[a] = 1",
                "@a = 1",
                "a = ?",
                "a = {1}",
                "\u0000",
                // headers that a selector may not name
                "JMSDestination = 'x'",
                "JMSExpiration = 0",
                "JMSRedelivered",
                "JMSReplyTo IS NULL",
                "JMSDeliveryTime > 0",
                "JMSpriority = 4",
                "JMS = 1",
            })
    void isRefused(String selector) {
        SelectorSyntaxException refusal =
                assertThrows(SelectorSyntaxException.class, () -> Selector.parse(selector), selector);
        assertTrue(refusal.position() >= 0 && refusal.position() <= selector.length(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("at character"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a = 1 b = 2           | 6  | the end of the selector",
                "a = \"x\"             | 4  | single quotes",
                "a = 'x                | 4  | closing quote",
                "a != 1                | 2  | <>",
                "(a = 1                | 6  | ')'",
                "price > 'x'           | 6  | = and <> only",
                "a IN (1, 2)           | 6  | a string literal",
                "a BETWEEN 'a' AND 'b' | 10 | a number is expected",
                "a = 08                | 4  | '08' is not a number",
                "a = 1e999             | 4  | out of range",
                "1 LIKE 'a'            | 0  | identifier on its left",
                "x = 1 AND JMSReplyTo  | 10 | JMSReplyTo",
                "a NOT = 1             | 2  | NOT stands before",
            })
    void theRefusalSaysWhatAndWhere(String selector, int position, String fragment) {
        SelectorSyntaxException refusal =
                assertThrows(SelectorSyntaxException.class, () -> Selector.parse(selector), selector);
        assertEquals(position, refusal.position(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(fragment), refusal.getMessage());
    }

    @Test
    void blankTextIsNoSelector() {
        assertNull(Selector.parseOptional(null));
        assertNull(Selector.parseOptional(""));
        assertNull(Selector.parseOptional(" \n"));
        assertEquals("a = 1", Selector.parseOptional("a = 1").text());
    }

    @Test
    void theTextIsLimitedInBytes() {
        String fits = "a = '" + "x".repeat(Selector.TEXT_MAX_BYTES - 6) + "'";
        assertDoesNotThrow(() -> Selector.parse(fits));
        assertThrows(SelectorSyntaxException.class, () -> Selector.parse(fits + " "));
        assertThrows(
                SelectorSyntaxException.class,
                () -> Selector.parse("a = '" + "ü".repeat(Selector.TEXT_MAX_BYTES / 2) + "'"));
    }

    @Test
    void nestingIsLimited() {
        int max = Selector.DEPTH_MAX;
        assertDoesNotThrow(() -> Selector.parse("(".repeat(max) + "a" + ")".repeat(max)));
        for (String tooDeep : new String[] {
            "(".repeat(max + 1) + "a" + ")".repeat(max + 1),
            "(".repeat(8000),
            "NOT ".repeat(max + 1) + "a",
            "a = " + "-".repeat(max + 1) + "b",
            "a = b" + "+b".repeat(max + 1),
            "a = b" + "*b".repeat(4000),
        }) {
            SelectorSyntaxException refusal =
                    assertThrows(SelectorSyntaxException.class, () -> Selector.parse(tooDeep));
            assertTrue(refusal.getMessage().contains("nested"), refusal.getMessage());
        }
    }

    @Test
    void longFlatSelectorsAreNotNesting() {
        assertTrue(Selector.parse("a" + " AND a".repeat(1300)).matches(name -> true));
        assertTrue(Selector.parse("b" + " OR a".repeat(1300)).matches(name -> name.equals("a")));
        assertTrue(Selector.parse("3001 = 1" + "+1".repeat(3000)).matches(name -> null));
        assertTrue(Selector.parse("a IN ('x'" + ",'x'".repeat(2000) + ")").matches(name -> "x"));
    }

    @Test
    void identifiersAndEquality() {
        Selector selector = Selector.parse("a = 1 AND (b LIKE 'x' OR JMSPriority > a)");
        assertEquals(Set.of("a", "b", "JMSPriority"), selector.identifiers());
        assertEquals("a = 1 AND (b LIKE 'x' OR JMSPriority > a)", selector.toString());
        assertEquals(selector, Selector.parse(selector.text()));
        assertEquals(selector.hashCode(), Selector.parse(selector.text()).hashCode());
        assertNotEquals(selector, Selector.parse("a = 1"));
    }

    @Test
    void turkishCaseDoesNotMakeKeywords() {
        assertEquals(Set.of("ıs"), Selector.parse("ıs = 1").identifiers());
        assertEquals(Set.of("ıN"), Selector.parse("ıN = 1").identifiers());
    }
}
