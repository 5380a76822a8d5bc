package io.posthorn.samples.ee;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/**
 * Works orders off, several at a time, each in a transaction. An order that cannot be worked off is tried again, and in the end lies on the
 * queue {@code DLQ.QUEUE.orders}.
 */
@MessageDriven(
        name = "OrderWorker",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "orders")
        })
public class OrderWorker implements MessageListener {

    @EJB
    private OrderBook book;

    @Override
    public void onMessage(Message message) {
        try {
            MapMessage order = (MapMessage) message;
            book.worked(order.getString("number"), order.getInt("pieces") + " × " + order.getString("item"));
        } catch (JMSException | ClassCastException unreadable) {
            throw new EJBException("not an order", unreadable);
        }
    }
}
