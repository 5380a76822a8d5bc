package io.posthorn.appserver;

import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** WildFly with adapter, pool and queues in the server's configuration. */
@ArquillianTest
class WildFlyIT extends WildFlyScenarios {

    private static final String APPLICATION = "application";
    private static final String BEAN = "/deployment=it.war/subsystem=ejb3/message-driven-bean=Answerer";

    @ArquillianResource
    private ContainerController controller;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = APPLICATION, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static WebArchive application() {
        return Archives.application();
    }

    @Test
    @Order(OTHERS_ORDER)
    void theSampleWorksAnOrderOff() throws Exception {
        workAnOrderOff();
    }

    @Test
    @Order(OTHERS_ORDER)
    void aBeanIsPausedAndResumed() throws Exception {
        pauseAndResume(() -> wildFly.cli(BEAN + ":stop-delivery"), () -> wildFly.cli(BEAN + ":start-delivery"));
    }

    @Override
    WildFlyServer newWildFly() throws Exception {
        WildFlyServer configured = new WildFlyServer(controller, deployer, directory, options(), APPLICATION);
        configured.configure("posthorn.cli", "ledger.cli");
        return configured;
    }
}
