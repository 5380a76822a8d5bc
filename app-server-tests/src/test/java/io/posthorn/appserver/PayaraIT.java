package io.posthorn.appserver;

import java.nio.file.Path;

/** Payara, as a server by itself. */
class PayaraIT extends CrashScenarios {

    @Override
    AppServer newServer() throws Exception {
        return new GlassFishServer("payara", Path.of(System.getProperty("payara.home")), directory, options());
    }
}
