package io.posthorn.appserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.appserver.app.Answerer;
import io.posthorn.appserver.heap.Holders;
import io.posthorn.appserver.ledger.LedgerFiles;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
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
import org.junit.jupiter.api.Tag;
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
    /** Of tests with other applications: after the first tests, which tell more when they fail. */
    static final int OTHERS_ORDER = 7;

    /** What the names of all threads of ours begin with. */
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
                // They end before a better compiler would pay.
                "-XX:TieredStopAtLevel=1",
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

    /** The factory is injected under a name of the application. */
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
                60, "the ledger has the line", () -> lines("answered question").size() == 1);
    }

    /** For servers that are configured with what the sample needs. */
    static void workAnOrderOff() throws Exception {
        server.deploy(Sample.file());
        new Sample(server.application()).worksAnOrderOff();
        server.undeploy("orders");
    }

    /** For servers that do not know the application's names where contexts are injected. */
    static void injectUnderTheServersName() throws Exception {
        server.deploy(Archives.injectedIn(directory));
        application.carryOutIn("injected", "queue=it.injected&text=one");
        assertEquals("one", outside.next("it.injected"));
        application.carryOutIn("injected", "queue=it.injected&text=two&rollback=true");
        assertNull(outside.nextNow("it.injected"));
        server.undeploy("injected");
    }

    /** For servers that have the adapter by itself. */
    static void useWhatAnnotationsDefine() throws Exception {
        server.deploy(Archives.definedIn(directory));
        application.carryOutIn("defined", "text=one");
        assertEquals("one", outside.next("it.defined"));
        application.carryOutIn("defined", "text=two&rollback=true");
        assertNull(outside.nextNow("it.defined"));
        server.undeploy("defined");
    }

    /** For servers whose operators can stop delivery to a bean. */
    static void pauseAndResume(Operation pause, Operation resume) throws Exception {
        answered("before the pause");
        pause.carryOut();
        outside.send(QUESTIONS, "in the pause");
        assertNull(outside.nextNow(ANSWERS));
        resume.carryOut();
        assertEquals("in the pause", outside.next(ANSWERS));
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
        Await.within(180, "some work is done", () -> load.confirmedCount() >= 20);
        posthorn.kill();
        posthorn.start();
        int before = load.confirmedCount();
        Await.within(180, "work goes on", () -> load.confirmedCount() >= before + 20);
        Set<String> confirmed = load.stop();
        List<String> answers = new ArrayList<>();
        Await.within(240, "everything confirmed is answered", () -> {
            answers.addAll(outside.drain(ANSWERS, 2_000));
            return answers.containsAll(confirmed);
        });
        assertEquals(answers.size(), Set.copyOf(answers).size(), "answered once");
        Await.within(
                120,
                "the ledger agrees",
                () -> sorted(lines("answered load"))
                        .equals(sorted(
                                answers.stream().map(text -> "answered " + text).toList())));
    }

    @Test
    @Order(13)
    void deployedAgainItWorksAndLeavesNoThread() throws Exception {
        Jvm jvm = new Jvm(directory, application.process().pid());
        answered("before");
        long threads = jvm.threads(THREADS);
        redeploy(3);
        Await.within(120, "there are " + threads + " threads again", () -> jvm.threads(THREADS) <= threads);
    }

    @Test
    @Order(14)
    @Tag("long")
    void redeployingTenTimesLeavesNoClassLoader() throws Exception {
        Jvm jvm = new Jvm(directory, application.process().pid());
        redeploy(10);
        List<String> leaks = leaks(jvm);
        for (int again = 0; again < 3 && !leaks.isEmpty(); again++) {
            // What is closed by other threads may have been under way.
            answered("once more " + again);
            leaks = leaks(jvm);
        }
        assertEquals(List.of(), leaks, "class loaders of earlier deployments that are held");
    }

    private static void redeploy(int times) throws Exception {
        for (int round = 1; round <= times; round++) {
            server.redeploy();
            answered("round " + round);
        }
    }

    @Test
    @Order(100)
    void theApplicationServerStops() throws Exception {
        ProcessHandle process = application.process();
        server.stop();
        Await.within(120, "the process is gone", () -> !process.isAlive());
    }

    /** For each class, who holds more of its class loaders than the one in use, besides the server itself. */
    private static List<String> leaks(Jvm jvm) throws Exception {
        Holders holders = new Holders(jvm.heapDump(), server.ownHolders());
        List<String> leaks = new ArrayList<>();
        for (String name : List.of(ADAPTER_CLASS, Answerer.class.getName())) {
            List<String> paths = holders.pathsToLoadersOf(name);
            if (paths.size() > 1) {
                leaks.add(paths.size() + " of " + name + ":\n" + String.join("\n", paths));
            }
        }
        return leaks;
    }

    private static void answered(String text) {
        outside.send(QUESTIONS, text);
        assertEquals(text, outside.next(ANSWERS));
    }

    /** What an operator does with the server. */
    interface Operation {
        void carryOut() throws Exception;
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    /** The committed lines of the ledger that contain the text. */
    static List<String> lines(String text) throws Exception {
        return ledger.committed().stream().filter(line -> line.contains(text)).toList();
    }
}
