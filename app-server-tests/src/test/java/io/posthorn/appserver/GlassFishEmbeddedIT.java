package io.posthorn.appserver;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** GlassFish Embedded, in a process of its own. */
class GlassFishEmbeddedIT extends CrashScenarios {

    @Test
    @Order(OTHERS_ORDER)
    void theSampleWorksAnOrderOff() throws Exception {
        workAnOrderOff();
    }

    @Override
    AppServer newServer() throws Exception {
        return new GlassFishEmbeddedServer(directory, options());
    }
}
