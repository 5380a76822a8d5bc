package io.posthorn.appserver;

import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** GlassFish, as a server by itself. */
class GlassFishIT extends CrashScenarios {

    @Test
    @Order(OTHERS_ORDER)
    void theSampleWorksAnOrderOff() throws Exception {
        workAnOrderOff();
    }

    @Test
    @Order(OTHERS_ORDER)
    void factoryAndQueueCanBeDefinedByAnnotations() throws Exception {
        useWhatAnnotationsDefine();
    }

    @Override
    AppServer newServer() throws Exception {
        return new GlassFishServer("glassfish", Path.of(System.getProperty("glassfish.home")), directory, options());
    }
}
