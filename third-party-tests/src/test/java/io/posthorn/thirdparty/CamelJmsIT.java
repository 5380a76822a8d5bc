package io.posthorn.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import jakarta.jms.ConnectionFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.core.JmsTemplate;

/** Apache Camel's JMS component: routes, request and reply, transactions. */
class CamelJmsIT extends RealServerTest {

    private CamelContext camel;
    private ProducerTemplate caller;
    private JmsTemplate jms;

    @BeforeEach
    void startCamel() {
        ConnectionFactory factory = factory();
        camel = new DefaultCamelContext();
        JmsComponent plain = JmsComponent.jmsComponentAutoAcknowledge(factory);
        JmsComponent transacted = JmsComponent.jmsComponentTransacted(factory, new JmsTransactionManager(factory));
        for (JmsComponent component : List.of(plain, transacted)) {
            // How long the end of a route may have to wait for a receive.
            component.getConfiguration().setReceiveTimeout(200);
        }
        camel.addComponent("jms", plain);
        camel.addComponent("tx", transacted);
        camel.getShutdownStrategy().setTimeout(10);
        camel.start();
        caller = camel.createProducerTemplate();
        jms = new JmsTemplate(factory);
        jms.setReceiveTimeout(COMES_MS);
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    private void route(RouteBuilder route) throws Exception {
        camel.addRoutes(route);
    }

    @Test
    void aRouteCarriesBodiesHeadersAndOrder() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("jms:queue:" + name("in")).to(ExchangePattern.InOnly, "jms:queue:" + name("out"));
            }
        });
        for (int i = 0; i < 10; i++) {
            caller.sendBodyAndHeader("jms:queue:" + name("in"), "m" + i, "number", i);
        }
        for (int i = 0; i < 10; i++) {
            int number = i;
            assertEquals("m" + i, jms.receiveSelectedAndConvert(name("out"), "number = " + number));
        }
    }

    @Test
    void requestsAreAnsweredOverATemporaryQueue() throws Exception {
        route(echo(name("requests")));
        expectAnswers("jms:queue:" + name("requests"));
    }

    @Test
    void requestsAreAnsweredOverASharedQueue() throws Exception {
        route(echo(name("requests")));
        expectAnswers("jms:queue:" + name("requests") + "?replyTo=" + name("replies") + "&replyToType=Shared");
    }

    @Test
    void requestsAreAnsweredOverAQueueOfTheirOwn() throws Exception {
        route(echo(name("requests")));
        expectAnswers("jms:queue:" + name("requests") + "?replyTo=" + name("replies") + "&replyToType=Exclusive");
    }

    private static RouteBuilder echo(String queue) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("jms:queue:" + queue + "?concurrentConsumers=2")
                        .process(exchange -> exchange.getMessage()
                                .setBody("re: " + exchange.getIn().getBody(String.class)));
            }
        };
    }

    private void expectAnswers(String endpoint) throws Exception {
        List<CompletableFuture<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(caller.asyncRequestBody(endpoint, "q" + i));
        }
        for (int i = 0; i < 10; i++) {
            assertEquals("re: q" + i, answers.get(i).get(COMES_MS, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void aTransactedRouteSendsOnceHoweverOftenItTries() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("tx:queue:" + name("in"))
                        .to(ExchangePattern.InOnly, "tx:queue:" + name("out"))
                        .process(exchange -> failTwice(attempts));
            }
        });
        caller.sendBody("jms:queue:" + name("in"), "work");
        assertEquals("work", jms.receiveAndConvert(name("out")));
        assertEquals(3, attempts.get());
        jms.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        assertNull(jms.receive(name("out")));
        assertNull(jms.receive(name("in")));
    }

    private static void failTwice(AtomicInteger attempts) {
        if (attempts.incrementAndGet() < 3) {
            throw new IllegalStateException("attempt " + attempts);
        }
    }

    @Test
    void aDurableSubscriberFeedsARoute() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("jms:topic:" + name("topic") + "?clientId=camel&durableSubscriptionName=keeper")
                        .routeId("durable")
                        .to(ExchangePattern.InOnly, "jms:queue:" + name("out"));
            }
        });
        do {
            caller.sendBody("jms:topic:" + name("topic"), "probe");
            jms.setReceiveTimeout(50);
        } while (jms.receive(name("out")) == null);
        camel.getRouteController().stopRoute("durable");
        caller.sendBody("jms:topic:" + name("topic"), "kept");
        camel.getRouteController().startRoute("durable");
        jms.setReceiveTimeout(COMES_MS);
        Object body = jms.receiveAndConvert(name("out"));
        while ("probe".equals(body)) {
            body = jms.receiveAndConvert(name("out"));
        }
        assertEquals("kept", body);
    }

    @Test
    void aPollingConsumerReceives() {
        caller.sendBody("jms:queue:" + name("queue"), "asked for");
        Exchange exchange = camel.createConsumerTemplate().receive("jms:queue:" + name("queue"), COMES_MS);
        assertEquals("asked for", exchange.getIn().getBody(String.class));
    }
}
