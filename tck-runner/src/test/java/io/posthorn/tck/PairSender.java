package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.TestXid;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.ByteBuffer;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** A program that sends pairs of messages, each pair to two queues in one transaction, until it is killed. Prints the number of each pair that is committed. */
public final class PairSender {

    private PairSender() {}

    /** URL and the two queues; a fourth argument for global transactions that are committed in one phase. */
    public static void main(String[] arguments) throws JMSException, XAException {
        if (arguments.length > 3) {
            global(arguments);
        } else {
            local(arguments);
        }
    }

    private static void local(String[] arguments) throws JMSException {
        Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer left = session.createProducer(session.createQueue(arguments[1]));
        MessageProducer right = session.createProducer(session.createQueue(arguments[2]));
        for (int i = 0; ; i++) {
            left.send(session.createTextMessage("pair " + i));
            right.send(session.createTextMessage("pair " + i));
            session.commit();
            System.out.println(i);
        }
    }

    private static void global(String[] arguments) throws JMSException, XAException {
        XAConnection connection = new PosthornXAConnectionFactory(arguments[0]).createXAConnection();
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        MessageProducer left = session.createProducer(session.createQueue(arguments[1]));
        MessageProducer right = session.createProducer(session.createQueue(arguments[2]));
        for (int i = 0; ; i++) {
            Xid xid = new TestXid(1, ByteBuffer.allocate(4).putInt(i).array(), new byte[] {1});
            resource.start(xid, XAResource.TMNOFLAGS);
            left.send(session.createTextMessage("pair " + i));
            right.send(session.createTextMessage("pair " + i));
            resource.end(xid, XAResource.TMSUCCESS);
            resource.commit(xid, true);
            System.out.println(i);
        }
    }
}
