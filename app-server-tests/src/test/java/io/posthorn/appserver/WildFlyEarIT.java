package io.posthorn.appserver;

import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;

/** WildFly as it is: the adapters are inside the application's EAR. */
@ArquillianTest
class WildFlyEarIT extends WildFlyScenarios {

    private static final String APPLICATION = "application";

    @ArquillianResource
    private ContainerController controller;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = APPLICATION, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static EnterpriseArchive application() {
        return Archives.earForWildFly();
    }

    @Override
    WildFlyServer newWildFly() throws Exception {
        WildFlyServer configured = new WildFlyServer(controller, deployer, directory, options(), APPLICATION);
        configured.configure();
        return configured;
    }
}
