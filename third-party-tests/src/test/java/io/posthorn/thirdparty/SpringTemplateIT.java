package io.posthorn.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Destination;
import jakarta.jms.Message;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jms.InvalidSelectorException;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.connection.SingleConnectionFactory;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.SessionAwareMessageListener;
import org.springframework.jms.listener.SimpleMessageListenerContainer;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's JmsTemplate on the plain factory and on Spring's own connection factories. */
class SpringTemplateIT extends RealServerTest {

    private CachingConnectionFactory caching;

    @BeforeEach
    void openCache() {
        caching = new CachingConnectionFactory(factory());
    }

    @AfterEach
    void closeCache() {
        caching.destroy();
    }

    private static JmsTemplate limited(JmsTemplate template) {
        template.setReceiveTimeout(COMES_MS);
        return template;
    }

    @Test
    void everyCallOpensAConnectionOfItsOwn() {
        JmsTemplate template = limited(new JmsTemplate(factory()));
        template.convertAndSend(name("queue"), Map.of("item", "bolt", "count", 3));
        assertEquals(Map.of("item", "bolt", "count", 3), template.receiveAndConvert(name("queue")));
        template.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        assertNull(template.receive(name("queue")));
    }

    @Test
    void bodiesKeepTheirTypes() {
        JmsTemplate template = limited(new JmsTemplate(caching));
        for (Object body : List.of("text", List.of(1, 2), Map.of("key", 1L))) {
            template.convertAndSend(name("queue"), body);
            assertEquals(body, template.receiveAndConvert(name("queue")));
        }
    }

    @Test
    void qualityOfServiceReachesTheMessage() throws Exception {
        JmsTemplate template = limited(new JmsTemplate(caching));
        template.setExplicitQosEnabled(true);
        template.setPriority(7);
        template.setTimeToLive(60_000);
        template.setDeliveryPersistent(false);
        template.convertAndSend(name("queue"), "hurry");
        Message message = template.receive(name("queue"));
        assertNotNull(message);
        assertEquals(7, message.getJMSPriority());
        assertEquals(60_000, message.getJMSExpiration() - message.getJMSTimestamp());
    }

    @Test
    void requestsAreAnswered() throws Exception {
        SimpleMessageListenerContainer responder = new SimpleMessageListenerContainer();
        responder.setConnectionFactory(caching);
        responder.setDestinationName(name("requests"));
        SessionAwareMessageListener<Message> answer = (message, session) -> session.createProducer(null)
                .send(message.getJMSReplyTo(), session.createTextMessage("re: " + message.getBody(String.class)));
        responder.setMessageListener(answer);
        responder.afterPropertiesSet();
        responder.start();
        try {
            JmsTemplate template = limited(new JmsTemplate(factory()));
            for (int i = 0; i < 3; i++) {
                String question = "question " + i;
                Message reply =
                        template.sendAndReceive(name("requests"), session -> session.createTextMessage(question));
                assertNotNull(reply);
                assertEquals("re: " + question, reply.getBody(String.class));
            }
        } finally {
            responder.destroy();
        }
    }

    @Test
    void selectorsAndBrowsers() {
        JmsTemplate template = limited(new JmsTemplate(caching));
        for (String colour : List.of("red", "green", "blue")) {
            template.convertAndSend(name("queue"), colour, message -> {
                message.setStringProperty("colour", colour);
                return message;
            });
        }
        Integer seen = template.browse(name("queue"), (session, browser) -> count(browser.getEnumeration()));
        assertEquals(3, seen);
        assertEquals("green", template.receiveSelectedAndConvert(name("queue"), "colour = 'green'"));
        assertEquals("red", template.receiveAndConvert(name("queue")));
        assertEquals("blue", template.receiveAndConvert(name("queue")));
        assertThrows(InvalidSelectorException.class, () -> template.receiveSelected(name("queue"), "colour ="));
    }

    private static int count(Enumeration<?> messages) {
        int count = 0;
        while (messages.hasMoreElements()) {
            messages.nextElement();
            count++;
        }
        return count;
    }

    @Test
    void aTransactionManagerCommitsAndRollsBack() {
        JmsTransactionManager manager = new JmsTransactionManager(caching);
        TransactionTemplate transaction = new TransactionTemplate(manager);
        JmsTemplate template = limited(new JmsTemplate(caching));
        template.setSessionTransacted(true);
        template.convertAndSend(name("in"), "work");
        transaction.executeWithoutResult(status -> {
            template.convertAndSend(name("out"), "never seen");
            assertEquals("work", template.receiveAndConvert(name("in")));
            status.setRollbackOnly();
        });
        transaction.executeWithoutResult(status -> {
            assertEquals("work", template.receiveAndConvert(name("in")));
            template.convertAndSend(name("out"), "done");
        });
        assertEquals("done", template.receiveAndConvert(name("out")));
        template.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        assertNull(template.receive(name("in")));
        assertNull(template.receive(name("out")));
    }

    @Test
    void oneConnectionForAll() {
        SingleConnectionFactory single = new SingleConnectionFactory(factory());
        single.setReconnectOnException(true);
        single.setClientId(name("client"));
        try {
            JmsTemplate template = limited(new JmsTemplate(single));
            template.setPubSubDomain(true);
            Destination topic = template.execute(session -> {
                Destination made = session.createTopic(name("topic"));
                session.createDurableSubscriber((jakarta.jms.Topic) made, "keeper")
                        .close();
                return made;
            });
            template.convertAndSend(topic, "news");
            String heard = template.execute(
                    session -> session.createDurableSubscriber((jakarta.jms.Topic) topic, "keeper")
                            .receive(COMES_MS)
                            .getBody(String.class),
                    true);
            assertEquals("news", heard);
        } finally {
            single.destroy();
        }
    }

    @Test
    void aCacheSurvivesTheServer() {
        JmsTemplate template = limited(new JmsTemplate(caching));
        template.convertAndSend(name("queue"), "before");
        server.kill();
        server.start();
        template.convertAndSend(name("queue"), "after");
        assertEquals("before", template.receiveAndConvert(name("queue")));
        assertEquals("after", template.receiveAndConvert(name("queue")));
    }
}
