package io.posthorn.samples.ee;

import jakarta.ejb.EJB;
import jakarta.jms.JMSException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;

/** The page: GET shows the form and what was worked off, POST with {@code item} and {@code pieces} places an order. */
@WebServlet("")
public class OrderServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient OrderDesk desk;

    @EJB
    private transient OrderBook book;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        PrintWriter page = response.getWriter();
        page.println("<!DOCTYPE html><title>Orders</title><h1>Orders</h1>");
        page.println("<form method='post'>Item <input name='item' value='post horn'>");
        page.println("Pieces <input name='pieces' type='number' min='1' value='1'> <button>Order</button></form>");
        page.println("<h2>Worked off</h2><ul>");
        for (String line : book.lines()) {
            page.println("<li>" + escaped(line) + "</li>");
        }
        page.println("</ul>");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        request.setCharacterEncoding("UTF-8");
        String item = request.getParameter("item");
        String pieces = request.getParameter("pieces");
        if (item == null || pieces == null || !pieces.matches("[1-9][0-9]{0,5}")) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST, "an item and a number of pieces, please");
            return;
        }
        try {
            desk.place(item, Integer.parseInt(pieces));
        } catch (JMSException failed) {
            throw new ServletException(failed);
        }
        response.sendRedirect(request.getContextPath() + "/");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
