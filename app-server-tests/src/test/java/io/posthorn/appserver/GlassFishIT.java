package io.posthorn.appserver;

import java.nio.file.Path;

/** GlassFish, as a server by itself. */
class GlassFishIT extends CrashScenarios {

    @Override
    AppServer newServer() throws Exception {
        return new GlassFishServer("glassfish", Path.of(System.getProperty("glassfish.home")), directory, options());
    }
}
