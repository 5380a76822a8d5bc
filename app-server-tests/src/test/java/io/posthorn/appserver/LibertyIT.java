package io.posthorn.appserver;

/** Open Liberty. */
class LibertyIT extends Scenarios {

    @Override
    AppServer newServer() throws Exception {
        return new LibertyServer(directory, options());
    }
}
