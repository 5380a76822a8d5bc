package io.posthorn.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is in the client's jars, and how large they are. */
class ClientJarIT {

    private static final long CLIENT_MAX_BYTES = 4_000_000;
    private static final String HOME = "io/posthorn/shaded/";

    /** The name in class files, where a relocation cannot be told from a mention in a log text with dots. */
    private static final String NETTY = "io/netty/";

    @Test
    void theClientWithAllItNeedsIsSmall() throws IOException {
        long bytes = 0;
        List<Path> jars = ClientFiles.plainClient();
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        assertEquals(
                List.of(
                        "jakarta.jms-api",
                        "netty-buffer",
                        "netty-common",
                        "netty-resolver",
                        "netty-transport",
                        "posthorn-jms",
                        "slf4j-api"),
                jars.stream()
                        .map(jar -> jar.getFileName().toString().replaceFirst("-[0-9].*", ""))
                        .collect(Collectors.toList()));
        assertTrue(bytes < CLIENT_MAX_BYTES, bytes + " bytes: " + jars);
    }

    @Test
    void theSelfContainedJarKeepsToItsPackages() throws IOException {
        List<String> strays = new ArrayList<>();
        int relocated = 0;
        try (JarFile jar = new JarFile(ClientFiles.selfContainedJar().toFile())) {
            for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
                String name = entry.getName();
                if (!name.startsWith("io/posthorn/")
                        && !name.startsWith("META-INF/")
                        && !name.equals("module-info.class")) {
                    strays.add(name);
                }
                if (name.startsWith(HOME)) {
                    relocated++;
                }
                if (name.endsWith(".class")
                        && mentionsNetty(jar.getInputStream(entry).readAllBytes())) {
                    strays.add(name + " refers to " + NETTY);
                }
            }
        }
        assertEquals(List.of(), strays);
        assertTrue(relocated > 500, relocated + " classes below " + HOME);
    }

    @Test
    void aReferenceWouldBeFound() {
        assertTrue(mentionsNetty("(Lio/netty/util/Recycler;)V".getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(
                false,
                mentionsNetty("Lio/posthorn/shaded/io/netty/util/Recycler;".getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Names lie in class files as plain bytes. */
    private static boolean mentionsNetty(byte[] classFile) {
        String text = new String(classFile, StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf(NETTY); at >= 0; at = text.indexOf(NETTY, at + 1)) {
            if (!text.startsWith(HOME, at - HOME.length())) {
                return true;
            }
        }
        return false;
    }
}
