package io.posthorn.tck;

import io.netty.util.internal.PlatformDependent;
import io.posthorn.testing.Await;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a JVM holds besides its heap.
 *
 * @param threads names of the live ones
 * @param sockets open ones, and what a selector needs to wait for them
 * @param directBytes memory of direct buffers, those that Netty counts by itself included
 */
record OwnResources(Set<String> threads, int sockets, long directBytes) {

    /** At the beginning of a program, with what JDK and Netty take once for the whole JVM or for this thread. */
    static OwnResources atStart() throws Exception {
        SocketChannel.open().close();
        Selector.open().close();
        new SecureRandom().nextInt();
        PlatformDependent.usedDirectMemory();
        return now();
    }

    /** As it is now; Linux only. */
    private static OwnResources now() throws Exception {
        Set<String> threads = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        return new OwnResources(threads, openSockets(), usedDirectBytes());
    }

    private static int openSockets() throws IOException {
        int count = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = target(descriptor);
                if (target.startsWith("socket:") || target.contains("eventpoll") || target.contains("eventfd")) {
                    count++;
                }
            }
        }
        return count;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException gone) {
            // The one through which the directory was read.
            return "";
        }
    }

    private static long usedDirectBytes() {
        long bytes = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                bytes += pool.getMemoryUsed();
            }
        }
        // Netty allocates past the JDK's books and keeps its own, or -1.
        long nettys = PlatformDependent.usedDirectMemory();
        return bytes + Math.max(0, nettys);
    }

    private OwnResources since(OwnResources before) {
        Set<String> more = new TreeSet<>(threads);
        more.removeAll(before.threads);
        return new OwnResources(more, sockets - before.sockets, directBytes - before.directBytes);
    }

    /**
     * Waits until no more is held than then, at most 30 s: threads end a little after whoever waits for them has been told, and
     * Netty's own global executor a second after its last task.
     *
     * @param bytesToo whether direct memory counts: not where Netty pools it for the whole JVM
     * @return "nothing left", or what is left
     */
    static String leftSince(OwnResources before, boolean bytesToo) throws Exception {
        try {
            Await.until("nothing left", () -> {
                // Frees the JDK's direct buffers that nobody has any more.
                System.gc();
                OwnResources left = now().since(before);
                return left.threads.isEmpty() && left.sockets <= 0 && (!bytesToo || left.directBytes <= 0);
            });
            return "nothing left";
        } catch (AssertionError late) {
            return "left: " + now().since(before);
        }
    }
}
