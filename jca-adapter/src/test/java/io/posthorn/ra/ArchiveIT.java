package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.ServerProcess;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed .rar: what is in it, how large it is, and that nothing is missing. */
class ArchiveIT {

    private static final long SIZE_MAX_BYTES = 5_000_000;

    @TempDir
    static Path directory;

    private static Path rar;
    private static final List<Path> jars = new ArrayList<>();

    @BeforeAll
    static void unpack() throws IOException {
        rar = Path.of(System.getProperty("posthorn.rar"));
        try (JarFile archive = new JarFile(rar.toFile())) {
            for (JarEntry entry :
                    archive.stream().filter(e -> e.getName().endsWith(".jar")).toList()) {
                Path target = directory.resolve(entry.getName());
                try (InputStream in = archive.getInputStream(entry)) {
                    Files.copy(in, target);
                }
                jars.add(target);
            }
        }
    }

    @Test
    void itIsBelowFiveMegabytes() throws IOException {
        assertTrue(
                Files.size(rar) < SIZE_MAX_BYTES,
                () -> rar + " has " + rar.toFile().length() + " bytes");
    }

    @Test
    void itHoldsTheClientItsDependenciesAndTheDescriptorOnly() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (JarFile archive = new JarFile(rar.toFile())) {
            archive.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName()
                            .replaceFirst("-\\d+\\..*\\.jar$", "")
                            .replaceFirst("^netty-.*", "netty"))
                    .forEach(names::add);
        }
        assertEquals(
                List.of("META-INF/MANIFEST.MF", "META-INF/ra.xml", "netty", "posthorn-jms", "posthorn-ra", "slf4j-api"),
                List.copyOf(names));
    }

    @Test
    void noServerAndNoApiIsInside() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path jar : jars) {
            try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    String name = entry.getName();
                    if (name.startsWith("io/posthorn/server/") || name.startsWith("jakarta/")) {
                        found.add(jar.getFileName() + "!" + name);
                    }
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void itsClassesWorkWithNothingButTheJakartaApisAroundThem() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        try (ServerProcess server = ServerProcess.standalone(directory.resolve("data"));
                URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), new ApisOnly())) {
            Class<?> type = loader.loadClass("io.posthorn.ra.PosthornManagedConnectionFactory");
            assertNotSame(PosthornManagedConnectionFactory.class, type);
            Object settings = type.getConstructor().newInstance();
            type.getMethod("setConnectionUrl", String.class).invoke(settings, server.url());
            ConnectionFactory factory = (ConnectionFactory)
                    type.getMethod("createConnectionFactory").invoke(settings);
            try (JMSContext context = factory.createContext()) {
                Queue queue = context.createQueue("archive");
                context.createProducer().send(queue, "out of the archive");
                assertEquals("out of the archive", context.createConsumer(queue).receiveBody(String.class, 20_000));
            }
        }
    }

    /** What an application server shows to an adapter: the JDK and the Jakarta APIs. */
    private static final class ApisOnly extends ClassLoader {

        ApisOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("jakarta.")) {
                return ArchiveIT.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
