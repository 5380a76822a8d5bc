package io.posthorn.appserver;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Open Liberty. */
class LibertyIT extends CrashScenarios {

    private static final String BEAN = "--target=it#it.war#Answerer";

    private static LibertyServer liberty;

    @Test
    @Order(OTHERS_ORDER)
    void theSampleWorksAnOrderOff() throws Exception {
        workAnOrderOff();
    }

    /** After the crashes: Liberty recovers nothing while its log names a factory that is gone with its application. */
    @Test
    @Order(15)
    void factoryAndQueueCanBeDefinedByAnnotations() throws Exception {
        useWhatAnnotationsDefine();
    }

    @Test
    @Order(OTHERS_ORDER)
    void aBeanIsPausedAndResumed() throws Exception {
        pauseAndResume(() -> liberty.carryOut("pause", BEAN), () -> liberty.carryOut("resume", BEAN));
    }

    @Override
    AppServer newServer() throws Exception {
        liberty = new LibertyServer(directory, options());
        return liberty;
    }
}
