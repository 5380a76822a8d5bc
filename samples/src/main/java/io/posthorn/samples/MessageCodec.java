package io.posthorn.samples;

import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * The messages of the pipeline. What others may route or select by is a property, the rest is the body.
 *
 * <pre>
 * order    MapMessage   properties  orderId, orderDate, customerNo, country, currency
 *                       body        customer, city, sku, product, quantity (int), unitPriceCents (long)
 * invoice  TextMessage  properties  orderId, country, currency, amountCents (long)
 *                       body        one line for a human being
 * </pre>
 *
 * Both carry the order id as JMSCorrelationID. A message that lacks one of these ends in a {@link JMSException}, {@link
 * NumberFormatException} or {@link NullPointerException}: such messages are not of this pipeline.
 */
final class MessageCodec {
    private static final String ORDER_ID = "orderId";
    private static final String COUNTRY = "country";
    private static final String AMOUNT_CENTS = "amountCents";

    private MessageCodec() {}

    static MapMessage encodeOrder(Session session, Order order) throws JMSException {
        MapMessage message = session.createMapMessage();
        message.setJMSCorrelationID(order.id());
        message.setStringProperty(ORDER_ID, order.id());
        message.setStringProperty("orderDate", order.date().toString());
        message.setStringProperty("customerNo", order.customer().number());
        message.setStringProperty(COUNTRY, order.customer().country());
        message.setStringProperty("currency", "EUR");
        message.setString("customer", order.customer().name());
        message.setString("city", order.customer().city());
        message.setString("sku", order.product().stockNumber());
        message.setString("product", order.product().name());
        message.setInt("quantity", order.quantity());
        message.setLong("unitPriceCents", order.product().unitPriceCents());
        return message;
    }

    static Order decodeOrder(Message message) throws JMSException {
        MapMessage body = (MapMessage) message;
        return new Order(
                message.getStringProperty(ORDER_ID),
                LocalDate.parse(message.getStringProperty("orderDate")),
                new Customer(
                        message.getStringProperty("customerNo"),
                        body.getString("customer"),
                        body.getString("city"),
                        message.getStringProperty(COUNTRY)),
                new Product(body.getString("sku"), body.getString("product"), body.getLong("unitPriceCents")),
                body.getInt("quantity"));
    }

    static TextMessage encodeInvoice(Session session, Order order) throws JMSException {
        String text = "Invoice for order %s of %s: %d x %s, %s EUR, to %s in %s"
                .formatted(
                        order.id(),
                        order.date(),
                        order.quantity(),
                        order.product().name(),
                        BigDecimal.valueOf(order.amountCents(), 2),
                        order.customer().name(),
                        order.customer().city());
        TextMessage message = session.createTextMessage(text);
        message.setJMSCorrelationID(order.id());
        message.setStringProperty(ORDER_ID, order.id());
        message.setStringProperty(COUNTRY, order.customer().country());
        message.setStringProperty("currency", "EUR");
        message.setLongProperty(AMOUNT_CENTS, order.amountCents());
        return message;
    }

    static Invoice decodeInvoice(Message message) throws JMSException {
        return new Invoice(
                message.getStringProperty(ORDER_ID),
                message.getStringProperty(COUNTRY),
                message.getLongProperty(AMOUNT_CENTS));
    }
}
