package io.posthorn.appserver;

import io.posthorn.testing.Await;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What is asked of WildFly besides, in whichever form it has the adapter. */
abstract class WildFlyScenarios extends CrashScenarios {

    static WildFlyServer wildFly;

    /** After the crashes: a branch that was committed before one is not looked for any more. */
    @Test
    @Order(12)
    void recoveryIsThroughWithEveryTransaction() throws Exception {
        Await.within(120, "no transaction is left in the log", () -> wildFly.unfinishedTransactions() == 0);
    }

    abstract WildFlyServer newWildFly() throws Exception;

    @Override
    final AppServer newServer() throws Exception {
        wildFly = newWildFly();
        return wildFly;
    }
}
