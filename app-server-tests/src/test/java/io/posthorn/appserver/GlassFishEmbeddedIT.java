package io.posthorn.appserver;

/** GlassFish Embedded, in a process of its own. */
class GlassFishEmbeddedIT extends Scenarios {

    @Override
    AppServer newServer() throws Exception {
        return new GlassFishEmbeddedServer(directory, options());
    }
}
