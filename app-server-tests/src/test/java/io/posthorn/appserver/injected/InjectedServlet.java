package io.posthorn.appserver.injected;

import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;

/** {@code /do?queue=…&text=…&rollback=…}: sends in a transaction. Answers 200 when that ended as it was asked to. */
@WebServlet("/do")
public class InjectedServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    @JMSConnectionFactory("jms/PosthornCF")
    private transient JMSContext context;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        try {
            transaction.begin();
            context.createProducer()
                    .send(context.createQueue(request.getParameter("queue")), request.getParameter("text"));
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
