package io.posthorn.appserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.appserver.app.Answerer;
import io.posthorn.appserver.ledger.LedgerFiles;
import io.posthorn.tck.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What has to work in every application server. A class for each kind says how it is started; it is started once, before the first
 * test, against one server of ours in another process. The order is that of growing harm.
 */
@ExtendWith(ThreadDumpOnFailure.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class Scenarios {

    static final String QUESTIONS = "it.questions";
    static final String ANSWERS = "it.answers";
    private static final String DEAD_LETTERS = "DLQ.QUEUE." + QUESTIONS;
    private static final String ADAPTER_CLASS = "io.posthorn.ra.PosthornResourceAdapter";
    /** Of the sample's test: after the first tests, which tell more when they fail. */
    static final int SAMPLE_ORDER = 7;

    private static final String THREADS = "posthorn";

    @TempDir
    static Path directory;

    static ServerProcess posthorn;
    static Path ledgerDirectory;
    static LedgerFiles ledger;
    static AppServer server;
    static boolean begun;

    static Application application;
    static Outside outside;

    @BeforeAll
    static void startPosthorn() throws Exception {
        posthorn = Posthorn.start(directory);
        outside = new Outside(posthorn.url());
        ledgerDirectory = Files.createDirectory(directory.resolve("ledger"));
        ledger = new LedgerFiles(ledgerDirectory);
    }

    /** Not started yet. */
    abstract AppServer newServer() throws Exception;

    /** What the application server's process has to know. */
    static List<String> options() {
        return List.of(
                "-Dposthorn.url=" + posthorn.url(),
                "-D" + LedgerFiles.DIRECTORY + "=" + ledgerDirectory,
                // So that caches that would give way do not look like leaks.
                "-XX:SoftRefLRUPolicyMSPerMB=0");
    }

    @BeforeEach
    void startServerOnce() throws Exception {
        if (!begun) {
            begun = true;
            server = newServer();
            server.start();
            application = new Application(server.application());
        }
        assertNotNull(application, "the application server did not start, see the first failure");
    }

    @AfterAll
    static void stopEverything() throws Exception {
        AppServer started = server;
        server = null;
        application = null;
        begun = false;
        try {
            if (started != null) {
                started.kill();
            }
        } finally {
            outside.close();
            posthorn.close();
        }
    }

    @Test
    @Order(1)
    void anEjbSendsAndItsTransactionCommits() throws Exception {
        application.carryOut("ejb", Map.of("queue", "it.ejb", "text", "one", "line", "ejb one"));
        assertEquals("one", outside.next("it.ejb"));
        assertEquals(List.of("ejb one"), lines("ejb one"));
    }

    @Test
    @Order(2)
    void anEjbSendsAndItsTransactionIsRolledBack() throws Exception {
        application.carryOut(
                "ejb", Map.of("queue", "it.ejb.not", "text", "one", "line", "ejb not", "rollback", "true"));
        assertNull(outside.nextNow("it.ejb.not"));
        assertEquals(List.of(), lines("ejb not"));
    }

    @Test
    @Order(3)
    void aServletSendsAndItsTransactionCommits() throws Exception {
        application.carryOut("servlet", Map.of("queue", "it.servlet", "text", "one", "line", "servlet one"));
        assertEquals("one", outside.next("it.servlet"));
        assertEquals(List.of("servlet one"), lines("servlet one"));
    }

    @Test
    @Order(4)
    void aServletSendsAndItsTransactionIsRolledBack() throws Exception {
        application.carryOut(
                "servlet", Map.of("queue", "it.servlet.not", "text", "one", "line", "servlet not", "rollback", "true"));
        assertNull(outside.nextNow("it.servlet.not"));
        assertEquals(List.of(), lines("servlet not"));
    }

    @Test
    @Order(5)
    void anInjectedContextSendsInTheTransaction() throws Exception {
        application.carryOut("injected", Map.of("queue", "it.injected", "text", "one"));
        assertEquals("one", outside.next("it.injected"));
        application.carryOut("injected", Map.of("queue", "it.injected", "text", "two", "rollback", "true"));
        assertNull(outside.nextNow("it.injected"));
    }

    @Test
    @Order(6)
    void aMessageDrivenBeanAnswersInOneTransactionWithTheLedger() throws Exception {
        outside.send(QUESTIONS, "question");
        assertEquals("question", outside.next(ANSWERS));
        Await.within(
                20, "the ledger has the line", () -> lines("answered question").size() == 1);
    }

    @Test
    @Order(8)
    void aPoisonMessageBecomesADeadLetter() throws Exception {
        for (String text : List.of("poison", "throw")) {
            outside.send(QUESTIONS, text);
            assertEquals(text, outside.next(DEAD_LETTERS));
            assertEquals(List.of(), lines("answered " + text));
        }
        assertNull(outside.nextNow(ANSWERS));
    }

    @Test
    @Order(9)
    void theLoadGoesOnWhenOurServerIsKilledAndStartedAgain() throws Exception {
        Load load = new Load(application, QUESTIONS);
        load.start();
        Await.within(60, "some work is done", () -> load.confirmedCount() >= 20);
        posthorn.kill();
        posthorn.start();
        int before = load.confirmedCount();
        Await.within(90, "work goes on", () -> load.confirmedCount() >= before + 20);
        Set<String> confirmed = load.stop();
        List<String> answers = new ArrayList<>();
        Await.within(120, "everything confirmed is answered", () -> {
            answers.addAll(outside.drain(ANSWERS, 2_000));
            return answers.containsAll(confirmed);
        });
        assertEquals(answers.size(), Set.copyOf(answers).size(), "answered once");
        Await.within(
                60,
                "the ledger agrees",
                () -> sorted(lines("answered load"))
                        .equals(sorted(
                                answers.stream().map(text -> "answered " + text).toList())));
    }

    @Test
    @Order(12)
    void redeployingTenTimesLeavesNothingBehind() throws Exception {
        Jvm jvm = new Jvm(directory, application.process().pid());
        answered("before");
        long threads = jvm.threads(THREADS);
        for (int round = 1; round <= 10; round++) {
            server.redeploy();
            answered("round " + round);
        }
        for (String name : List.of(ADAPTER_CLASS, Answerer.class.getName())) {
            Await.within(30, "one class loader has " + name, () -> jvm.loadersOf(name) <= 1);
        }
        Await.within(30, "there are " + threads + " threads again", () -> jvm.threads(THREADS) <= threads);
    }

    @Test
    @Order(100)
    void theApplicationServerStops() throws Exception {
        ProcessHandle process = application.process();
        server.stop();
        Await.within(10, "the process is gone", () -> !process.isAlive());
    }

    private static void answered(String text) {
        outside.send(QUESTIONS, text);
        assertEquals(text, outside.next(ANSWERS));
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    /** The committed lines of the ledger that contain the text. */
    static List<String> lines(String text) throws Exception {
        return ledger.committed().stream().filter(line -> line.contains(text)).toList();
    }
}
