package io.posthorn.appserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports on the loopback address, below those that the system gives to outgoing connections. */
final class Ports {

    private static final int BEGIN = 12_000;
    private static final int END = 20_000;

    private Ports() {}

    static int free() {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(BEGIN, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + BEGIN + " to " + END);
    }

    /** A number that makes all of these ports free when it is added to them. */
    static int freeOffset(int... ports) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int offset = ThreadLocalRandom.current().nextInt(2_000, 9_000);
            if (allFree(offset, ports)) {
                return offset;
            }
        }
        throw new IllegalStateException("no free range of ports");
    }

    private static boolean allFree(int offset, int... ports) {
        for (int port : ports) {
            if (!isFree(port + offset)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFree(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
