package io.posthorn.appserver.app;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJBException;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import jakarta.resource.ResourceException;

/**
 * Takes a message, writes it to the ledger and answers it, in one transaction of three resources. What begins with "poison" is
 * rolled back, every time; what begins with "throw" ends with an exception, the same way.
 */
@MessageDriven(
        name = "Answerer",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.questions")
        })
public class Answerer implements MessageListener {

    @Resource(name = "jms/factory")
    private ConnectionFactory factory;

    @Resource(name = "jms/answers")
    private Queue answers;

    @Resource(name = "eis/ledger")
    private jakarta.resource.cci.ConnectionFactory ledger;

    @Resource
    private MessageDrivenContext container;

    @Override
    public void onMessage(Message message) {
        try {
            String text = ((TextMessage) message).getText();
            Ledger.write(ledger, "answered " + text);
            try (JMSContext context = factory.createContext()) {
                context.createProducer().send(answers, text);
            }
            if (text.startsWith("throw")) {
                throw new EJBException("as the message asks for");
            }
            if (text.startsWith("poison")) {
                container.setRollbackOnly();
            }
        } catch (JMSException | ResourceException failed) {
            throw new EJBException(failed);
        }
    }
}
