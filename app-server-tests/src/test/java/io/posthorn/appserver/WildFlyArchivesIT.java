package io.posthorn.appserver;

import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** WildFly as it is: the archives carry their configuration, and are deployed like applications. */
@ArquillianTest
class WildFlyArchivesIT extends WildFlyScenarios {

    private static final String ADAPTER = "adapter";
    private static final String LEDGER = "ledger";
    private static final String APPLICATION = "application";

    @ArquillianResource
    private ContainerController controller;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = APPLICATION, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static WebArchive application() {
        return Archives.applicationForWildFly("jboss-ejb3-rar.xml");
    }

    @Deployment(name = ADAPTER, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static ResourceAdapterArchive adapter() {
        return Archives.adapterForWildFly();
    }

    @Deployment(name = LEDGER, managed = false, testable = false)
    @TargetsContainer(WildFlyServer.CONTAINER)
    static ResourceAdapterArchive ledger() {
        return Archives.ledgerForWildFly();
    }

    @Test
    @Order(OTHERS_ORDER)
    void factoryAndQueueCanBeDefinedByAnnotations() throws Exception {
        useWhatAnnotationsDefine();
    }

    @Override
    WildFlyServer newWildFly() throws Exception {
        WildFlyServer configured =
                new WildFlyServer(controller, deployer, directory, options(), ADAPTER, LEDGER, APPLICATION);
        configured.configure();
        return configured;
    }
}
