package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.FileResource;
import io.posthorn.testing.TestXid;
import jakarta.jms.Connection;
import jakarta.resource.spi.ManagedConnection;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash between the phases leaves is found and decided, through the resource adapter and through a managed connection. */
class RecoveryIT extends AdapterTest {

    private static final int SCAN = XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN;

    @TempDir
    static Path log;

    @TempDir
    Path files;

    private final PosthornResourceAdapter adapter = new PosthornResourceAdapter();

    @BeforeEach
    void start() throws Exception {
        adapter.setConnectionUrl(server.url());
        adapter.start(null);
    }

    @AfterEach
    void stop() {
        adapter.stop();
    }

    private XAResource resource() {
        return adapter.getXAResources(null)[0];
    }

    /** Leaves the order in doubt. */
    private FileResource crash() throws Exception {
        put("in", "order");
        assertEquals(TmProcess.DIED, run("move", name("in"), name("out")));
        FileResource resource = new FileResource(files, () -> {});
        assertEquals(1, resource.prepared());
        return resource;
    }

    /** Runs {@link TmProcess} to its end. */
    private int run(String what, String... queues) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
        command.addAll(List.of(TmProcess.class.getName(), what, server.url(), log.toString(), files.toString()));
        command.addAll(List.of(queues));
        File output = Files.createTempFile(directory, what, ".log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("still running after 60 s: " + Files.readString(output.toPath()));
        }
        return process.exitValue();
    }

    private void checkMoved(FileResource resource) throws Exception {
        assertEquals(0, resource.prepared());
        assertEquals(1, resource.committed());
        assertEquals("order", take("out"));
        assertNull(take("in"));
    }

    @Test
    void aCrashBetweenThePhasesIsRecoveredThroughTheAdapter() throws Exception {
        FileResource resource = crash();
        assertNull(take("in"));
        assertNull(take("out"));
        assertEquals(1, resource().recover(SCAN).length);
        assertEquals(0, run("adapter"));
        assertEquals(0, resource().recover(SCAN).length);
        checkMoved(resource);
    }

    @Test
    void aClientIdInUseDoesNotStopRecovery() throws Exception {
        adapter.setClientId(name("id"));
        settings.setClientId(name("id"));
        try (Connection holder = factory.createConnection()) {
            assertEquals(name("id"), holder.getClientID());
            assertEquals(0, resource().recover(SCAN).length);
        }
    }

    @Test
    void andThroughAManagedConnection() throws Exception {
        FileResource resource = crash();
        assertEquals(0, run("connection"));
        checkMoved(resource);
    }

    @Test
    void aBrokerThatIsAwayIsReportedAndFoundAgain() throws Exception {
        FileResource resource = crash();
        XAResource jms = resource();
        assertEquals(1, jms.recover(XAResource.TMSTARTRSCAN).length);
        server.close();
        XAException gone = assertThrows(XAException.class, () -> jms.recover(XAResource.TMSTARTRSCAN));
        assertEquals(XAException.XAER_RMFAIL, gone.errorCode);
        XAException still = assertThrows(XAException.class, () -> jms.recover(XAResource.TMENDRSCAN));
        assertEquals(XAException.XAER_RMFAIL, still.errorCode);
        server.start();
        Xid[] found = jms.recover(SCAN);
        assertEquals(1, found.length);
        jms.commit(found[0], false);
        assertEquals("order", take("out"));
        assertEquals(1, resource.prepared(), "that is for its own transaction manager");
    }

    @Test
    void decisionsNeedNoScan() throws Exception {
        FileResource resource = crash();
        XAResource jms = resource();
        Xid[] found = jms.recover(SCAN);
        assertEquals(1, found.length);
        jms.rollback(found[0]);
        XAException unknown = assertThrows(XAException.class, () -> jms.commit(found[0], false));
        assertEquals(XAException.XAER_NOTA, unknown.errorCode);
        assertEquals("order", take("in"));
        resource.rollback(resource.recover(XAResource.TMSTARTRSCAN)[0]);
    }

    @Test
    void itKnowsItsResourceManagerAndDoesNoWork() throws Exception {
        XAResource jms = resource();
        ManagedConnection connection = settings.createManagedConnection(null, null);
        try {
            assertTrue(jms.isSameRM(jms));
            assertTrue(jms.isSameRM(connection.getXAResource()));
            assertFalse(jms.isSameRM(new FileResource(files, () -> {})));
            assertFalse(connection.getXAResource().isSameRM(new FileResource(files, () -> {})));
        } finally {
            connection.destroy();
        }
        Xid xid = new TestXid(1, new byte[] {1}, new byte[] {2});
        XAException refused = assertThrows(XAException.class, () -> jms.start(xid, XAResource.TMNOFLAGS));
        assertEquals(XAException.XAER_PROTO, refused.errorCode);
    }

    @Test
    void aRefusedUserIsReported() throws Exception {
        adapter.setUser("nobody");
        adapter.setPassword("nothing");
        XAException refused = assertThrows(XAException.class, () -> resource().recover(SCAN));
        assertEquals(XAException.XAER_RMFAIL, refused.errorCode);
        assertTrue(refused.getMessage().contains("no connection for recovery"), refused.getMessage());
    }

    @Test
    void stoppingTheAdapterEndsAScan() throws XAException {
        RecoveryResource jms = (RecoveryResource) resource();
        jms.recover(SCAN);
        assertFalse(jms.isConnected());
        jms.recover(XAResource.TMSTARTRSCAN);
        assertTrue(jms.isConnected());
        adapter.stop();
        assertFalse(jms.isConnected());
    }
}
