package io.posthorn.appserver.app;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.resource.ResourceException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;
import java.io.IOException;

/**
 * The tests' entrance: {@code /do?by=servlet|ejb|injected&queue=…&text=…}, and {@code /do?by=process} for the process id. Answers 200
 * when the transaction ended as it was asked to, and 500 with the exception otherwise.
 */
@WebServlet("/do")
public class ScenarioServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient EjbSender ejb;

    @EJB
    private transient InjectedSender injected;

    @Resource(name = "jms/factory")
    private transient ConnectionFactory factory;

    @Resource(name = "eis/ledger")
    private transient jakarta.resource.cci.ConnectionFactory ledger;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain");
        String by = request.getParameter("by");
        try {
            switch (by) {
                case "servlet" -> carryOut(Work.of(request));
                case "ejb" -> ejb.carryOut(Work.of(request));
                case "injected" -> injected.carryOut(Work.of(request));
                case "process" ->
                    response.getWriter().print(ProcessHandle.current().pid());
                default -> response.sendError(HttpServletResponse.SC_BAD_REQUEST, by);
            }
        } catch (Exception failed) {
            throw new ServletException(failed);
        }
    }

    private void carryOut(Work work) throws Exception {
        transaction.begin();
        boolean done = false;
        try {
            send(work);
            done = true;
        } finally {
            if (done && !work.rollback()) {
                transaction.commit();
            } else {
                transaction.rollback();
            }
        }
    }

    private void send(Work work) throws ResourceException {
        if (work.ledgerFirst()) {
            Ledger.write(ledger, work.line());
        }
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue(work.queue()), work.text());
        }
        if (work.line() != null && !work.ledgerFirst()) {
            Ledger.write(ledger, work.line());
        }
    }
}
