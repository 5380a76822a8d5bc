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
class WildFlyIT extends CrashScenarios {

    private static final String APPLICATION = "application";
    private static final String SAMPLE = "sample";

    @ArquillianResource
    private ContainerController controller;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = APPLICATION, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static WebArchive application() {
        return Archives.application();
    }

    @Deployment(name = SAMPLE, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static WebArchive sample() {
        return Sample.archive();
    }

    @Test
    @Order(SAMPLE_ORDER)
    void theSampleWorksAnOrderOff() throws Exception {
        deployer.deploy(SAMPLE);
        new Sample(server.application()).worksAnOrderOff();
        deployer.undeploy(SAMPLE);
    }

    @Override
    AppServer newServer() throws Exception {
        WildFlyServer wildFly = new WildFlyServer(controller, deployer, directory, options(), APPLICATION);
        wildFly.configure("posthorn.cli", "ledger.cli");
        return wildFly;
    }
}
