package io.posthorn.appserver;

/** Open Liberty. */
class LibertyIT extends CrashScenarios {

    @Override
    AppServer newServer() throws Exception {
        return new LibertyServer(directory, options());
    }
}
