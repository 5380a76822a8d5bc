package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.DeliveryMode;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a selector, and what is refused as none before anything is asked of the broker. */
class SelectorSyntaxIT extends SelectorProbe {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\f\r\n "})
    @Checklist("16.01")
    void nothingSelectsEverything(String selector) throws JMSException {
        MessageConsumer consumer = session.createConsumer(queue, selector);
        assertNull(consumer.getMessageSelector());
        producer.send(session.createMessage());
        assertNotNull(consumer.receive(COMES_MS));
        assertNull(session.createBrowser(queue, selector).getMessageSelector());
        try (JMSContext context = factory().createContext()) {
            JMSConsumer other = context.createConsumer(queue, selector);
            assertNull(other.getMessageSelector());
        }
        assertEquals("a = 1", session.createConsumer(queue, "a = 1").getMessageSelector());
    }

    @Test
    @Checklist("16.02")
    void aBadSelectorIsRefusedWhereverOneIsGiven() throws JMSException {
        Session named = connect(name("id")).createSession();
        Topic topic = named.createTopic(name("topic"));
        String bad = "a =";
        Class<InvalidSelectorException> expected = InvalidSelectorException.class;
        assertThrows(expected, () -> named.createConsumer(topic, bad));
        assertThrows(expected, () -> named.createConsumer(topic, bad, true));
        assertThrows(expected, () -> named.createBrowser(queue, bad));
        assertThrows(expected, () -> named.createDurableConsumer(topic, "s", bad, false));
        assertThrows(expected, () -> named.createDurableSubscriber(topic, "s", bad, false));
        assertThrows(expected, () -> named.createSharedConsumer(topic, "s", bad));
        assertThrows(expected, () -> named.createSharedDurableConsumer(topic, "s", bad));
        Class<InvalidSelectorRuntimeException> twin = InvalidSelectorRuntimeException.class;
        try (JMSContext context = factory().createContext()) {
            context.setClientID(name("other id"));
            assertThrows(twin, () -> context.createConsumer(queue, bad));
            assertThrows(twin, () -> context.createConsumer(topic, bad, true));
            assertThrows(twin, () -> context.createBrowser(queue, bad));
            assertThrows(twin, () -> context.createDurableConsumer(topic, "s", bad, false));
            assertThrows(twin, () -> context.createSharedConsumer(topic, "s", bad));
            assertThrows(twin, () -> context.createSharedDurableConsumer(topic, "s", bad));
        }
        named.createDurableConsumer(topic, "s", "a = 1", false).close();
        named.unsubscribe("s");
    }

    @Test
    @Checklist("16.03")
    void theBodyIsNotLookedAt() throws JMSException {
        MapMessage message = session.createMapMessage();
        message.setString("colour", "red");
        message.setBoolean("yes", true);
        assertFalse(selects("colour = 'red' OR yes", message));
        assertTrue(selects("colour IS NULL", message));
    }

    @Test
    @Checklist({"16.04", "16.05"})
    void sixHeaderFieldsMayBeNamed() throws JMSException {
        Message message = sample();
        producer.send(message);
        String id = message.getJMSMessageID();
        long timestamp = message.getJMSTimestamp();
        MessageConsumer exact = session.createConsumer(
                queue,
                "JMSMessageID = '" + id + "' AND JMSTimestamp = " + timestamp
                        + " AND JMSPriority = 4 AND JMSCorrelationID = 'c-1' AND JMSType = 'sample'"
                        + " AND JMSDeliveryMode = 'NON_PERSISTENT'");
        assertEquals(id, exact.receive(COMES_MS).getJMSMessageID());
        assertSelectsNot("JMSDeliveryMode = 'PERSISTENT'");
        assertSelectsNot("JMSDeliveryMode = 1");
        producer.setDeliveryMode(DeliveryMode.PERSISTENT);
        assertSelects("JMSDeliveryMode = 'PERSISTENT' AND JMSDeliveryMode <> 'NON_PERSISTENT'");
        assertTrue(selects("JMSType IS NULL AND JMSCorrelationID IS NULL", session.createMessage()));
        for (String field : new String[] {
            "JMSDestination", "JMSReplyTo", "JMSExpiration", "JMSRedelivered", "JMSDeliveryTime", "JMSOther"
        }) {
            assertRefused(field + " IS NULL");
        }
        assertSelects("JMS_Vendor_x IS NULL");
    }

    @Test
    @Checklist("16.06")
    void jmsxNamesMayBeUsed() throws JMSException {
        assertSelects("JMSXGroupID = 'g'");
        assertSelects("JMSXUserID IS NULL AND JMSXAppID IS NULL");
        assertUnknown("JMSXGroupSeq = 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "three between 1 AND 5 aNd noT word In ('x') oR no",
                "word LiKe 'h!%%' EsCaPe '!' or tRuE",
                "nil iS nUlL and FALSE = false",
                "word = 'hello' AND Word = 'HELLO'",
                "WORD IS NULL",
            })
    @Checklist("16.07")
    void caseMattersInIdentifiersOnly(String selector) throws JMSException {
        assertSelects(selector);
    }

    @Test
    @Checklist("16.08")
    void identifiersAreThoseOfJavaButForElevenWords() throws JMSException {
        assertSelects("$x = 1 AND _1 = 1 AND gr\u00f6\u00dfe = 10 AND " + "n".repeat(300) + " = 300");
        for (String word : new String[] {
            "NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE", "escape", "Is"
        }) {
            assertRefused(word + " = 'x'");
        }
        assertRefused("1x = 1");
        assertRefused("a.b = 1");
        assertRefused("a-b");
        assertRefused("#x = 1");
        assertSelects("nulls IS NULL");
    }

    @Test
    @Checklist("16.09")
    void whiteSpaceSeparates() throws JMSException {
        assertSelects("\f three\t=\n3\r\nAND\ftwo\f=\f2 ");
        assertSelects("three=3 AND(two=2)AND'hello'=word");
    }

    @Test
    @Checklist("16.10")
    void textStandsInSingleQuotes() throws JMSException {
        assertSelects("quoted = 'it''s'");
        assertSelects("empty = '' AND word <> ''''");
        assertRefused("word = \"hello\"");
        assertRefused("word = 'hello");
        assertRefused("word = hello'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "three = 3L AND three = 03 AND three = 0x3 AND three = 0X3l",
                "0x1d = 29 AND 035 = 29 AND 29L = 29",
                "minLong = -9223372036854775808",
                "minLong = -9223372036854775808L",
                "minLong < -9223372036854775807",
                "9223372036854775807 > 0",
            })
    @Checklist("16.11")
    void wholeNumbers(String selector) throws JMSException {
        assertSelects(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7E3 = 7000. AND .7e4 = 7000 AND 70000e-1 = 7000 AND 7e+3 = 7000",
                "half = 5e-1 AND half = .5 AND half = 0.5f AND half = .5D",
                "6.2 > 6.1 AND -6.2 < 6.1",
            })
    @Checklist("16.12")
    void floatingNumbers(String selector) throws JMSException {
        assertSelects(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9223372036854775808 > 0", "08 = 8", "0xg = 1", "1e = 1", "1.2.3 = 1", "99999999999999999999 = 1"
            })
    @Checklist({"16.11", "16.12"})
    void numbersThatAreNone(String selector) {
        assertRefused(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "three = 3 -- a comment",
                "three = 3 /* comment */",
                "three != 3",
                "three == 3",
                "word || 'x' = 'hellox'",
                "three % 2 = 1",
                "EXISTS (SELECT 1)",
                "upper(word) = 'HELLO'",
                "three IS 3",
                "three = ?",
                "nil = NULL",
            })
    @Checklist("16.13")
    void whatSqlHasAndSelectorsHaveNot(String selector) {
        assertRefused(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- three + four = 1",
                "one + two * three - four / two = 5",
                "(one + two) * three = 9",
                "four - two - one = 1 AND four / two / two = 1",
                "-three * -1 = 3 AND - - three = +3",
                "NOT no AND yes",
                "NOT yes OR yes",
                "NOT three = 4",
                "no AND no OR yes",
                "yes OR yes AND no",
                "three + 1 BETWEEN two * 2 AND two + 2",
                "NOT (no OR no) AND (yes OR no)",
            })
    @Checklist("16.14")
    void precedence(String selector) throws JMSException {
        assertSelects(selector);
    }

    @Test
    @Checklist("16.14")
    void precedenceOfWhatIsFalse() throws JMSException {
        assertFalsehood("NOT yes AND no");
        assertFalsehood("(yes OR yes) AND no");
        assertFalsehood("NOT (three = 3)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUE = 0", "0 <> FALSE", "'a' = 1", "'true' = TRUE"})
    @Checklist({"16.08", "16.16"})
    void constantsOfUnlikeTypesAreRefused(String selector) {
        assertRefused(selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'hello' IN ('hello')",
                "'hello' LIKE 'h%'",
                "'hello' IS NULL",
                "3 IS NOT NULL",
                "three + 1 IN ('4')",
                "(word = 'a') IS NULL",
                "TRUE IS NULL",
                "-three LIKE '3'",
                "NULL IS NULL"
            })
    @Checklist("16.22")
    void anIdentifierStandsLeftOfInLikeAndIs(String selector) {
        assertRefused(selector);
    }

    @Test
    @Checklist("16.29")
    void constantsAreSentences() throws JMSException {
        assertSelects("TRUE OR (FALSE AND FALSE)");
        assertSelects("TRUE");
        assertSelects("1 = 1 AND 'a' = 'a' AND 2 BETWEEN 1 AND 3");
        assertFalsehood("1 > 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "= 'test'",
                "word =",
                "(word = 'a'",
                "word = 'a')",
                "()",
                "word = 'a' 'b'",
                "word = 'a' AND",
                "OR yes",
                "yes yes",
                "word 'a'",
                "NOT",
                "yes AND OR no",
                "a = b = c",
                "word = 'a';",
                "*",
                "three = 3)"
            })
    @Checklist("16.29")
    void whatIsNoSentenceIsRefused(String selector) {
        assertRefused(selector);
    }
}
