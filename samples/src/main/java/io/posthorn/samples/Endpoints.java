package io.posthorn.samples;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.util.Properties;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * What a JMS program needs to know of its provider, looked up in JNDI: nothing else in the pipeline names Posthorn.
 *
 * @param connectionFactory makes connections to the server
 * @param orders the queue of orders waiting for a worker
 * @param invoices the topic of invoices for whoever has subscribed
 */
record Endpoints(ConnectionFactory connectionFactory, Queue orders, Topic invoices) {

    /**
     * Looks the names up.
     *
     * @param url the NameServers and the client's options, {@code posthorn://host:port[,host:port…]}
     */
    static Endpoints lookup(String url) throws NamingException {
        Properties environment = new Properties();
        environment.setProperty(
                Context.INITIAL_CONTEXT_FACTORY, "io.posthorn.jms.naming.PosthornInitialContextFactory");
        environment.setProperty("connectionFactory.orders", url);
        environment.setProperty("queue.orderQueue", "orders");
        environment.setProperty("topic.invoiceTopic", "invoices");
        Context names = new InitialContext(environment);
        try {
            return new Endpoints((ConnectionFactory) names.lookup("orders"), (Queue) names.lookup("orderQueue"), (Topic)
                    names.lookup("invoiceTopic"));
        } finally {
            names.close();
        }
    }
}
