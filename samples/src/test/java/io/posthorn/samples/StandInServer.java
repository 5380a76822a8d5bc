package io.posthorn.samples;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A process that behaves like the server as far as {@link ServerProcess} can see, or misbehaves: what it does depends on the
 * name of its jar.
 */
final class StandInServer {
    private StandInServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        String jar = System.getProperty("java.class.path");
        System.out.println("arguments " + List.of(arguments));
        if (jar.endsWith("exits.jar")) {
            System.err.println("port 10911 is taken");
            System.exit(3);
        }
        int exitCode = jar.endsWith("rude.jar") ? 7 : 0;
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(exitCode)));
        System.out.println("READY for tests");
        new CountDownLatch(1).await();
    }
}
