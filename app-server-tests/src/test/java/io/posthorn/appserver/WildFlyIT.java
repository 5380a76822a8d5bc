package io.posthorn.appserver;

import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** WildFly with adapter, pool and queues in the server's configuration. */
@ArquillianTest
class WildFlyIT extends Scenarios {

    private static final String APPLICATION = "application";

    @ArquillianResource
    private ContainerController controller;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = APPLICATION, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static WebArchive application() {
        return Archives.application();
    }

    @Override
    AppServer newServer() throws Exception {
        WildFlyServer wildFly = new WildFlyServer(controller, deployer, directory, options(), APPLICATION);
        wildFly.configure("posthorn.cli", "ledger.cli");
        return wildFly;
    }
}
