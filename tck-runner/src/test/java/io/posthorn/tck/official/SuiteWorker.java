package io.posthorn.tck.official;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The main class of the JVM that runs the suite: takes class names from standard input, runs one after another with JUnit, and reports in
 * lines on standard output, which {@link SuiteProcess} reads. What the tests themselves print goes to standard error.
 *
 * <pre>
 * PLAN    TAB number of tests
 * STARTED TAB test
 * PASSED  TAB test
 * FAILED  TAB test TAB reason       also for a class that fails as a whole
 * SKIPPED TAB test TAB reason
 * END                               of the class
 * </pre>
 *
 * <p>The names must not be changed by hand: a name that JUnit does not know is reported as failed.
 */
public final class SuiteWorker {

    private static final int REASON_CHARS_MAX = 300;

    private final PrintStream reports;

    private SuiteWorker(PrintStream reports) {
        this.reports = reports;
    }

    public static void main(String[] args) throws IOException {
        SuiteWorker worker = new SuiteWorker(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setOut(System.err);
        BufferedReader classes = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String name = classes.readLine(); name != null; name = classes.readLine()) {
            System.err.println("======== " + name);
            worker.run(name);
        }
        // Tests may leave threads behind that would keep the JVM alive.
        System.exit(0);
    }

    private void run(String name) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(name))
                .configurationParameter(
                        "junit.jupiter.testmethod.order.default", "org.junit.jupiter.api.MethodOrderer$MethodName")
                .build();
        try {
            LauncherFactory.create().execute(request, new Reporter());
        } catch (RuntimeException | LinkageError failed) {
            // The loop's edge: a class that cannot be run must not keep the others from running.
            failed.printStackTrace();
            report("FAILED", name, failed.toString());
        }
        reports.println("END");
    }

    private void report(String what, String test, String reason) {
        String text = reason.replaceAll("\\s+", " ").strip();
        String shown = text.length() > REASON_CHARS_MAX ? text.substring(0, REASON_CHARS_MAX) + " …" : text;
        reports.println(what + "\t" + test.replaceAll("\\s+", " ") + "\t" + shown);
    }

    private final class Reporter implements TestExecutionListener {

        @Override
        public void testPlanExecutionStarted(TestPlan plan) {
            report("PLAN", Long.toString(plan.countTestIdentifiers(TestIdentifier::isTest)), "");
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            if (test.isTest()) {
                System.err.println("---- " + test.getDisplayName());
                report("STARTED", test.getDisplayName(), "");
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            report("SKIPPED", test.getDisplayName(), reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Throwable cause = result.getThrowable().orElse(null);
            if (cause != null) {
                cause.printStackTrace();
            }
            String reason = cause == null ? "" : cause.toString();
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                report("FAILED", test.getDisplayName(), reason);
            } else if (test.isTest()) {
                boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
                report(passed ? "PASSED" : "SKIPPED", test.getDisplayName(), reason);
            }
        }
    }
}
