package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What selectors select. */
class SelectorIT extends SelectorProbe {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7 / 2 = 3 AND -7 / 2 = -3 AND 7 / 2. = 3.5",
                "half + quarter = 0.75 AND three * half = 1.5",
                // Of two ints an int comes out; of an int and a literal, which is a long, a long.
                "maxInt + maxInt = -2",
                "maxInt + 1 = 2147483648",
                "maxInt + four = 2147483651",
                "minLong - one = 9223372036854775807",
                // Of float and long a float comes out, of float and double a double.
                "tenth * 10 = 1 AND tenth * 10. <> 1",
                "tenth = 0.1f AND tenth <> 0.1",
                "bigLong = bigFloat AND bigLong <> 16777216.",
                "1.0 / 0 > 9223372036854775807",
            })
    @Checklist("16.15")
    void arithmeticIsThatOfJava(String selector) throws JMSException {
        assertSelects(selector);
    }

    @ParameterizedTest
    @ValueSource(strings = {"three / 0 = 1", "three / (one - 1) = 1", "1 / 0 = 1", "minLong / (two - 2) <> 1"})
    @Checklist("16.15")
    void divisionByZeroIsUnknown(String selector) throws JMSException {
        assertUnknown(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "three = '3'",
                "three <> '3'",
                "seven = 7",
                "seven <> 7",
                "yes = 'true'",
                "yes <> 1",
                "word = TRUE",
                "word <> yes",
                "three <> word",
            })
    @Checklist("16.16")
    void unlikeTypesCompareAsFalse(String selector) throws JMSException {
        assertFalsehood(selector);
    }

    @Test
    @Checklist("16.16")
    void exactAndApproximateNumbersCompare() throws JMSException {
        assertSelects("four = 4.0 AND three > half AND 2.5 < three AND half <> one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "absent = 1",
                "absent <> 1",
                "nil > 1",
                "1 < absent",
                "absent = absent",
                "absent + 1 = 1",
                "-absent = 1",
                "absent = 'x'",
                "absent <> TRUE",
                "absent",
                "three = nil"
            })
    @Checklist("16.17")
    void nullMakesUnknown(String selector) throws JMSException {
        assertUnknown(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "word > 'foo'",
                "word >= 'foo'",
                "word < 'foo'",
                "word <= 'foo'",
                "'foo' > TRUE",
                "yes > FALSE",
                "TRUE <= no",
                "'a' < word",
                "three > 'x'"
            })
    @Checklist("16.18")
    void textAndBooleansHaveNoOrder(String selector) {
        assertRefused(selector);
    }

    @Test
    @Checklist("16.18")
    void propertiesThatTurnOutToHaveNoOrderCompareAsFalse() throws JMSException {
        assertFalsehood("word > seven");
        assertFalsehood("word <= word");
        assertFalsehood("yes >= no");
        assertSelects("word = word AND yes <> no AND word <> seven AND yes = TRUE AND FALSE <> yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"seven > 1", "seven < 8", "7 = seven", "seven BETWEEN 1 AND 9", "seven + 1 = 8"})
    @Checklist("16.19")
    void textIsNotTakenForANumber(String selector) throws JMSException {
        assertSelectsNot(selector);
    }

    @Test
    @Checklist("16.20")
    void between() throws JMSException {
        assertSelects("three BETWEEN 3 AND 3 AND half BETWEEN 0 AND 1 AND 3 BETWEEN two AND four");
        assertSelects("three NOT BETWEEN 4 AND 9 AND three NOT BETWEEN -1 AND 2.9");
        assertFalsehood("three BETWEEN 4 AND 2");
        assertFalsehood("three NOT BETWEEN 1 AND 5");
        assertUnknown("absent BETWEEN 1 AND 2");
        assertUnknown("absent NOT BETWEEN 1 AND 2");
        assertUnknown("three BETWEEN absent AND 4");
        assertSelectsNot("seven NOT BETWEEN 8 AND 9");
        for (String selector : new String[] {
            "word BETWEEN 'a' AND 'z'",
            "'b' BETWEEN 'a' AND 'z'",
            "three BETWEEN 1 AND 'z'",
            "TRUE BETWEEN 0 AND 1",
            "three BETWEEN 1",
            "three BETWEEN 1 OR 2",
            "three BETWEEN (1, 2)"
        }) {
            assertRefused(selector);
        }
    }

    @Test
    @Checklist("16.21")
    void in() throws JMSException {
        assertSelects("word IN ('a', 'hello','b') AND word NOT IN ('a') AND empty IN ('')");
        assertFalsehood("word IN ('HELLO', 'hell')");
        assertUnknown("absent IN ('a')");
        assertUnknown("absent NOT IN ('a')");
        assertSelectsNot("three IN ('3')");
        assertSelectsNot("three NOT IN ('a')");
        for (String selector : new String[] {
            "three IN (1, 2)",
            "word IN ()",
            "word IN ('a',)",
            "word IN 'a'",
            "word IN (word)",
            "word IN ('a', 1)",
            "yes IN (TRUE)",
            "word NOT IN"
        }) {
            assertRefused(selector);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "word LIKE 'hello' AND word LIKE 'h%' AND word LIKE '%o' AND word LIKE '%ell%' AND word LIKE '%'",
                "word LIKE '_____' AND word LIKE 'h_l%' AND word LIKE '%l_' AND word LIKE '%e%l%o%'",
                "word NOT LIKE 'hell' AND word NOT LIKE 'ello' AND word NOT LIKE 'HELLO' AND word NOT LIKE ''",
                "word NOT LIKE '____' AND word NOT LIKE '______' AND empty LIKE '' AND empty LIKE '%'",
                "path LIKE '50\\%\\_of\\\\f' ESCAPE '\\'",
                "path LIKE '50!%!_%' ESCAPE '!' AND path NOT LIKE '50!_%' ESCAPE '!'",
                "path LIKE '%\\f'",
                "word LIKE '!h!ello' ESCAPE '!'",
                "quoted LIKE 'it''s' AND quoted LIKE 'it''''s' ESCAPE ''''",
                "lines LIKE 'a%c' AND lines LIKE 'a_b__c'",
                "dots LIKE 'a.c*d[e]' AND dots NOT LIKE 'abc%' AND dots NOT LIKE 'a.c'",
            })
    @Checklist("16.23")
    void likePatterns(String selector) throws JMSException {
        assertSelects(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "word LIKE 5", "word LIKE word", "word LIKE TRUE", "word LIKE 'h%' ESCAPE ''",
                "word LIKE 'h%' ESCAPE 'ab'", "word LIKE 'h%' ESCAPE 5", "word LIKE", "word LIKE 'h!' ESCAPE '!'"
            })
    @Checklist("16.23")
    void patternsThatAreNone(String selector) {
        assertRefused(selector);
    }

    @Test
    @Checklist("16.24")
    void likeOfWhatIsNoText() throws JMSException {
        assertUnknown("absent LIKE '%'");
        assertUnknown("absent NOT LIKE '%'");
        for (String selector :
                new String[] {"three LIKE '3'", "three NOT LIKE 'x'", "yes LIKE '%'", "half NOT LIKE 'x'"}) {
            assertSelectsNot(selector);
        }
    }

    @Test
    @Checklist("16.25")
    void isNullHasTwoValues() throws JMSException {
        assertSelects("absent IS NULL AND nil IS NULL AND empty IS NOT NULL AND no IS NOT NULL");
        assertFalsehood("word IS NULL");
        assertFalsehood("absent IS NOT NULL");
        assertFalsehood("nil IS NOT NULL");
        assertRefused("word IS NOT");
        assertRefused("word NOT IS NULL");
    }

    @Test
    @Checklist("16.26")
    void booleansAreConditions() throws JMSException {
        assertSelects("yes");
        assertSelects("TRUE AND yes AND NOT no AND (yes)");
        assertSelects("yes = TRUE AND no = FALSE AND TRUE = yes AND yes <> no");
        assertFalsehood("no");
        assertFalsehood("FALSE");
        for (String other : new String[] {"three", "word", "half", "absent", "NOT three", "NOT word"}) {
            assertSelectsNot(other);
        }
        assertRefused("3");
        assertRefused("'text'");
        assertRefused("yes AND 3");
        assertRefused("NOT 'text'");
        assertRefused("three + 1");
    }

    private static final String[] VALUES = {"no", "absent", "yes"};

    private void assertTruth(int truth, String selector) throws JMSException {
        switch (truth) {
            case 0 -> assertFalsehood(selector);
            case 1 -> assertUnknown(selector);
            default -> {
                assertSelects(selector);
                assertSelectsNot("NOT (" + selector + ")");
            }
        }
    }

    @Test
    @Checklist({"16.27", "16.28"})
    void theTablesOfThreeValuedLogic() throws JMSException {
        for (int left = 0; left < 3; left++) {
            assertTruth(left, VALUES[left]);
            assertTruth(2 - left, "NOT " + VALUES[left]);
            for (int right = 0; right < 3; right++) {
                assertTruth(Math.min(left, right), VALUES[left] + " AND " + VALUES[right]);
                assertTruth(Math.max(left, right), VALUES[left] + " OR " + VALUES[right]);
            }
        }
    }

    @Test
    @Checklist("16.30")
    void valuesKeepTheTypesTheyWereSentWith() throws JMSException {
        assertSelects("one = 1 AND two = 2 AND three = 3 AND four = 4 AND half = 0.5 AND quarter = 0.25");
        assertSelects("one + two + three + four = 10 AND half + quarter = .75");
        assertSelects("one / two = 0 AND one / 2. = half");
        Message large = session.createMessage();
        large.setLongProperty("n", (1L << 53) + 1);
        assertTrue(selects("n = 9007199254740993 AND n <> 9007199254740992", large));
        Message precise = session.createMessage();
        precise.setDoubleProperty("n", 0.1 + 0.2);
        assertTrue(selects("n = 0.30000000000000004 AND n <> 0.3", precise));
    }

    @Test
    @Checklist({"16.32", "16.33"})
    void whatATopicsSubscriberDoesNotSelectNeverEntersItsSubscription() throws JMSException {
        Session named = connect(name("id")).createSession();
        Topic topic = named.createTopic(name("topic"));
        named.createDurableConsumer(topic, "s", "n > 1", false).close();
        MessageProducer publisher = session.createProducer(topic);
        for (int n = 1; n <= 3; n++) {
            TextMessage message = session.createTextMessage("m" + n);
            message.setIntProperty("n", n);
            publisher.send(message);
        }
        MessageConsumer consumer = named.createDurableConsumer(topic, "s", "n > 1", false);
        assertEquals("m2", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertEquals("m3", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertNull(consumer.receiveNoWait());
        consumer.close();
        named.unsubscribe("s");
    }

    @Test
    @Checklist({"16.32", "16.33"})
    void aRestrictiveSelectorOnADeepQueueStarvesNobody() throws JMSException {
        int depth = 5_000;
        int every = 500;
        for (int n = 0; n < depth; n++) {
            Message message = session.createMessage();
            message.setIntProperty("n", n);
            message.setBooleanProperty("rare", n % every == every - 1);
            producer.send(message);
        }
        MessageConsumer choosy = session.createConsumer(queue, "rare");
        MessageConsumer any = connect().createSession().createConsumer(queue);
        for (int n = every - 1; n < depth; n += every) {
            assertEquals(n, choosy.receive(COMES_MS).getIntProperty("n"));
            assertEquals((n - every + 1) / every, any.receive(COMES_MS).getIntProperty("n"));
        }
        assertNull(choosy.receiveNoWait());
        Message late = session.createMessage();
        late.setIntProperty("n", depth);
        late.setBooleanProperty("rare", true);
        producer.send(late);
        assertEquals(depth, choosy.receive(COMES_MS).getIntProperty("n"));
        try (QueueBrowser browser = session.createBrowser(queue, "rare")) {
            assertFalse(browser.getEnumeration().hasMoreElements());
        }
        assertEquals(depth / every, any.receive(COMES_MS).getIntProperty("n"));
    }
}
