package io.posthorn.appserver.defined;

import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSDestinationDefinition;
import jakarta.jms.Queue;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;

/** {@code /do?text=…&rollback=…}: sends to the defined queue in a transaction. Answers 200 when that ended as it was asked to. */
@JMSConnectionFactoryDefinition(
        name = "java:app/jms/defined/factory",
        resourceAdapter = "posthorn",
        properties = {"windowSize=7"})
// WildFly wants the class and the name as a property; others find the class by the interface, and have the name from
// destinationName.
@JMSDestinationDefinition(
        name = "java:app/jms/defined/queue",
        interfaceName = "jakarta.jms.Queue",
        className = "io.posthorn.ra.AdministeredQueue",
        resourceAdapter = "posthorn",
        destinationName = "it.defined",
        properties = {"physicalName=it.defined"})
@WebServlet("/do")
public class DefinedServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Resource(lookup = "java:app/jms/defined/factory")
    private transient ConnectionFactory factory;

    @Resource(lookup = "java:app/jms/defined/queue")
    private transient Queue queue;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        try {
            transaction.begin();
            try (JMSContext context = factory.createContext()) {
                context.createProducer().send(queue, request.getParameter("text"));
            }
            if ("true".equals(request.getParameter("rollback"))) {
                transaction.rollback();
            } else {
                transaction.commit();
            }
        } catch (Exception failed) {
            throw new ServletException(failed);
        }
    }
}
