package io.posthorn.samples.ee;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import java.util.UUID;

/**
 * Takes orders. The container begins a transaction before {@link #place} and commits it afterwards: the order is on the queue when the
 * caller gets its answer, or it is not and the caller gets an exception.
 */
@Stateless
public class OrderDesk {

    @Resource(name = "jms/orders")
    private ConnectionFactory factory;

    /**
     * @param item what is ordered
     * @param pieces how many, from 1
     * @return the order's number
     */
    public String place(String item, int pieces) throws JMSException {
        if (pieces < 1) {
            throw new IllegalArgumentException("pieces: " + pieces);
        }
        String number = UUID.randomUUID().toString();
        try (JMSContext context = factory.createContext()) {
            MapMessage order = context.createMapMessage();
            order.setString("number", number);
            order.setString("item", item);
            order.setInt("pieces", pieces);
            context.createProducer().send(context.createQueue("orders"), order);
        }
        return number;
    }
}
