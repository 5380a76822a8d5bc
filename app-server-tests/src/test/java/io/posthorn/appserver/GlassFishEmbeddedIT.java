package io.posthorn.appserver;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** GlassFish Embedded, in a process of its own. */
class GlassFishEmbeddedIT extends Scenarios {

    private static GlassFishEmbeddedServer glassFish;

    @Test
    @Order(SAMPLE_ORDER)
    void theSampleWorksAnOrderOff() throws Exception {
        glassFish.carryOut("deploy --name=orders --contextroot=orders " + Sample.file());
        new Sample(server.application()).worksAnOrderOff();
        glassFish.carryOut("undeploy orders");
    }

    @Override
    AppServer newServer() throws Exception {
        glassFish = new GlassFishEmbeddedServer(directory, options());
        return glassFish;
    }
}
