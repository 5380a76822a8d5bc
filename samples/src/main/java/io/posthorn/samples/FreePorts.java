package io.posthorn.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback address that are free now.
 *
 * <p>They lie below the range from which operating systems take the local ports of outgoing connections. A port inside it
 * could be lost while the server is down: a client that tries to reconnect may be given just that port as its own.
 */
final class FreePorts {
    private static final int FROM = 20_000;
    private static final int TO = 32_000;
    private static final int TRIES_MAX = 200;

    private FreePorts() {}

    /** So many different ones. */
    static List<Integer> find(int count) throws ServerFailedException {
        List<Integer> free = new ArrayList<>();
        for (int i = 0; i < TRIES_MAX && free.size() < count; i++) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            if (!free.contains(port) && isFree(port)) {
                free.add(port);
            }
        }
        if (free.size() < count) {
            throw new ServerFailedException("No " + count + " free ports found between " + FROM + " and " + TO);
        }
        return free;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
