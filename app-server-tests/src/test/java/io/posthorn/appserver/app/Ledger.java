package io.posthorn.appserver.app;

import jakarta.resource.ResourceException;
import jakarta.resource.cci.Connection;
import jakarta.resource.cci.ConnectionFactory;
import jakarta.resource.cci.Interaction;

/** Writes a line to the ledger within the thread's transaction. */
final class Ledger {

    private Ledger() {}

    static void write(ConnectionFactory factory, String line) throws ResourceException {
        Connection connection = factory.getConnection();
        try {
            Interaction interaction = connection.createInteraction();
            interaction.execute(null, new Line(line));
        } finally {
            connection.close();
        }
    }
}
