package io.posthorn.appserver;

import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Payara, as a server by itself. */
class PayaraIT extends CrashScenarios {

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

    /** It looks for {@code java:comp/env/jms/factory__pm}, which is nowhere. */
    @Test
    @Order(5)
    @Override
    void anInjectedContextSendsInTheTransaction() throws Exception {
        injectUnderTheServersName();
    }

    @Override
    AppServer newServer() throws Exception {
        return new GlassFishServer("payara", Path.of(System.getProperty("payara.home")), directory, options());
    }
}
