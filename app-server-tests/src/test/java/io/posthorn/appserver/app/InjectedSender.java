package io.posthorn.appserver.app;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;

/** Sends with a context that the container injects and closes at the end of the transaction. */
@Stateless
public class InjectedSender {

    @Inject
    @JMSConnectionFactory("java:comp/env/jms/factory")
    private JMSContext context;

    @Resource
    private SessionContext container;

    public void carryOut(Work work) {
        context.createProducer().send(context.createQueue(work.queue()), work.text());
        if (work.rollback()) {
            container.setRollbackOnly();
        }
    }
}
