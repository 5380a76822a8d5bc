package io.posthorn.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.AbstractMessageListenerContainer;
import org.springframework.jms.listener.DefaultMessageListenerContainer;
import org.springframework.jms.listener.SimpleMessageListenerContainer;

/** Spring's listener containers: polling ones at all cache levels, with and without transactions, and listening ones. */
class SpringContainerIT extends RealServerTest {

    private static final int COUNT = 12;

    private final List<AbstractMessageListenerContainer> running = new ArrayList<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void stopContainers() {
        running.forEach(AbstractMessageListenerContainer::destroy);
    }

    private <C extends AbstractMessageListenerContainer> C start(C container, String destination, MessageListener to) {
        container.setConnectionFactory(factory());
        container.setDestinationName(destination);
        container.setMessageListener(to);
        if (container instanceof DefaultMessageListenerContainer polling) {
            // How long the end of the container may have to wait for a receive.
            polling.setReceiveTimeout(200);
        }
        container.afterPropertiesSet();
        container.start();
        running.add(container);
        return container;
    }

    private static String text(Message message) {
        try {
            return message.getBody(String.class);
        } catch (JMSException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private String next() throws InterruptedException {
        return heard.poll(COMES_MS, TimeUnit.MILLISECONDS);
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(String.valueOf(next()));
        }
        Collections.sort(texts);
        return texts;
    }

    private static List<String> numbered() {
        return IntStream.range(0, COUNT).mapToObj(i -> "m" + (char) ('a' + i)).toList();
    }

    private JmsTemplate publisher() {
        JmsTemplate template = new JmsTemplate(factory());
        template.setPubSubDomain(true);
        return template;
    }

    private static Stream<Arguments> cacheLevels() {
        return Stream.of("CACHE_NONE", "CACHE_CONNECTION", "CACHE_SESSION", "CACHE_CONSUMER", "CACHE_AUTO")
                .flatMap(level -> Stream.of(Arguments.of(level, false), Arguments.of(level, true)));
    }

    @ParameterizedTest
    @MethodSource("cacheLevels")
    void everyMessageIsHandledOnce(String level, boolean transacted) throws Exception {
        String queue = name(level + transacted);
        JmsTemplate template = new JmsTemplate(factory());
        template.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        numbered().forEach(text -> template.convertAndSend(queue, text));
        DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        container.setCacheLevelName(level);
        container.setSessionTransacted(transacted);
        container.setConcurrentConsumers(2);
        start(container, queue, message -> heard.add(text(message)));
        assertEquals(numbered(), next(COUNT));
        container.shutdown();
        assertNull(heard.poll());
        assertNull(template.receive(queue));
    }

    @ParameterizedTest
    @MethodSource("cacheLevels")
    void aFailureRollsBackOnlyATransaction(String level, boolean transacted) throws Exception {
        String queue = name(level + transacted);
        DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        container.setCacheLevelName(level);
        container.setSessionTransacted(transacted);
        container.setErrorHandler(failure -> heard.add("failed"));
        start(container, queue, message -> {
            String text = text(message);
            heard.add(text + redelivered(message));
            if (text.equals("bad") && redelivered(message).isEmpty()) {
                throw new IllegalStateException("once");
            }
        });
        JmsTemplate template = new JmsTemplate(factory());
        template.convertAndSend(queue, "bad");
        assertEquals("bad", next());
        assertEquals("failed", next());
        template.convertAndSend(queue, "good");
        if (transacted) {
            assertEquals("bad again", next());
        }
        assertEquals("good", next());
    }

    private static String redelivered(Message message) {
        try {
            return message.getJMSRedelivered() ? " again" : "";
        } catch (JMSException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aTransactionManagerSpansReceiveAndSend() throws Exception {
        ConnectionFactory shared = factory();
        JmsTemplate template = new JmsTemplate(shared);
        template.setReceiveTimeout(COMES_MS);
        DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        container.setTransactionManager(new JmsTransactionManager(shared));
        container.setSessionTransacted(true);
        start(container, name("in"), message -> {
            // Takes part, because the container's session is bound to this thread.
            template.convertAndSend(name("out"), text(message) + redelivered(message));
            if (redelivered(message).isEmpty()) {
                throw new IllegalStateException("once");
            }
        });
        template.convertAndSend(name("in"), "work");
        assertEquals("work again", template.receiveAndConvert(name("out")));
        template.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        assertNull(template.receive(name("out")));
    }

    @Test
    void aDurableSubscriptionKeepsWhatWasSentMeanwhile() throws Exception {
        DefaultMessageListenerContainer first = startDurable();
        awaitActive();
        first.shutdown();
        publisher().convertAndSend(name("topic"), "kept");
        startDurable();
        assertEquals("kept", next());
    }

    private DefaultMessageListenerContainer startDurable() {
        DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        container.setPubSubDomain(true);
        container.setClientId(name("client"));
        container.setSubscriptionDurable(true);
        container.setDurableSubscriptionName("keeper");
        return start(container, name("topic"), message -> heard.add(text(message)));
    }

    @Test
    void aSharedSubscriptionIsSharedOut() throws Exception {
        for (boolean durable : new boolean[] {false, true}) {
            DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
            container.setPubSubDomain(true);
            container.setSubscriptionShared(true);
            container.setSubscriptionDurable(durable);
            container.setSubscriptionName("team" + durable);
            container.setConcurrentConsumers(3);
            start(container, name("topic"), message -> heard.add(text(message)));
            awaitActive();
            numbered().forEach(text -> publisher().convertAndSend(name("topic"), text));
            assertEquals(numbered(), next(COUNT));
            container.shutdown();
            assertTrue(heard.isEmpty());
        }
    }

    /** A subscription that does not last begins with its consumer, which the container opens on a thread of its own. */
    private void awaitActive() throws InterruptedException {
        JmsTemplate template = publisher();
        do {
            template.convertAndSend(name("topic"), "probe");
        } while (heard.poll(50, TimeUnit.MILLISECONDS) == null);
        template.convertAndSend(name("topic"), "last probe");
        while (!"last probe".equals(next())) {
            // Earlier probes.
        }
    }

    @Test
    void aSimpleContainerListens() throws Exception {
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer();
        container.setConcurrentConsumers(3);
        start(container, name("queue"), message -> heard.add(text(message)));
        JmsTemplate template = new JmsTemplate(factory());
        numbered().forEach(text -> template.convertAndSend(name("queue"), text));
        assertEquals(numbered(), next(COUNT));
    }

    @Test
    void aSimpleContainerRollsBack() throws Exception {
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer();
        container.setSessionTransacted(true);
        start(container, name("queue"), message -> {
            heard.add(text(message) + redelivered(message));
            if (redelivered(message).isEmpty()) {
                throw new IllegalStateException("once");
            }
        });
        new JmsTemplate(factory()).convertAndSend(name("queue"), "work");
        assertEquals("work", next());
        assertEquals("work again", next());
    }

    @Test
    void containersGoOnAfterTheServerWasKilled() throws Exception {
        start(new DefaultMessageListenerContainer(), name("polled"), message -> heard.add(text(message)));
        start(new SimpleMessageListenerContainer(), name("pushed"), message -> heard.add(text(message)));
        JmsTemplate template = new JmsTemplate(factory());
        for (String text : List.of("before", "after")) {
            template.convertAndSend(name("polled"), text);
            template.convertAndSend(name("pushed"), text);
            assertEquals(List.of(text, text), next(2));
            if (text.equals("before")) {
                server.kill();
                server.start();
            }
        }
    }
}
