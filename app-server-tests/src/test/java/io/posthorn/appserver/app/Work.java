package io.posthorn.appserver.app;

import jakarta.servlet.http.HttpServletRequest;

/**
 * What a request asks for.
 *
 * @param queue name of the queue to send to
 * @param text the message
 * @param line for the ledger, in the same transaction; null for none
 * @param ledgerFirst whether the ledger takes part before the message is sent
 * @param rollback whether the transaction is to be rolled back
 */
record Work(String queue, String text, String line, boolean ledgerFirst, boolean rollback) {

    static Work of(HttpServletRequest request) {
        return new Work(
                request.getParameter("queue"),
                request.getParameter("text"),
                request.getParameter("line"),
                "true".equals(request.getParameter("ledgerFirst")),
                "true".equals(request.getParameter("rollback")));
    }
}
