package io.posthorn.tck;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** As it is now; Linux only. */
    static OwnResources now() throws Exception {
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

    private static long usedDirectBytes() throws ReflectiveOperationException {
        long bytes = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                bytes += pool.getMemoryUsed();
            }
        }
        // Netty allocates past the JDK's books and keeps its own. Less than zero: it does not.
        long nettys = (long) Class.forName("io.netty.util.internal.PlatformDependent")
                .getMethod("usedDirectMemory")
                .invoke(null);
        return bytes + Math.max(0, nettys);
    }

    OwnResources heldSince(OwnResources before) {
        Set<String> more = new TreeSet<>(threads);
        more.removeAll(before.threads);
        return new OwnResources(more, sockets - before.sockets, directBytes - before.directBytes);
    }

    boolean nothing() {
        return threads.isEmpty() && sockets <= 0 && directBytes <= 0;
    }
}
