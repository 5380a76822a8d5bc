package io.posthorn.appserver.app;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;

/** Sends in the transaction that the container begins, with the classic API. */
@Stateless
public class EjbSender {

    @Resource(name = "jms/factory")
    private ConnectionFactory factory;

    @Resource(name = "eis/ledger")
    private jakarta.resource.cci.ConnectionFactory ledger;

    @Resource
    private SessionContext container;

    /** @throws JMSException if the message was not accepted */
    public void carryOut(Work work) throws JMSException, ResourceException {
        if (work.ledgerFirst()) {
            Ledger.write(ledger, work.line());
        }
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();
            session.createProducer(session.createQueue(work.queue())).send(session.createTextMessage(work.text()));
        }
        if (work.line() != null && !work.ledgerFirst()) {
            Ledger.write(ledger, work.line());
        }
        if (work.rollback()) {
            container.setRollbackOnly();
        }
    }
}
