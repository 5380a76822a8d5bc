package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipeline over the built server jar, as {@code run-orders} runs it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrderPipelineIT {
    private static final String TOTAL = "total       2,486     2,654,729.68      2,486     2,654,729.68";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private int run(String... options) throws InterruptedException {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--server-jar");
        arguments.add(System.getProperty("posthorn.server.jar"));
        return OrderPipeline.run(arguments, out, out, false);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLedgerIsExact() throws InterruptedException {
        assertEquals(0, run(), this::text);
        assertTrue(text().contains(TOTAL), this::text);
        assertTrue(text().contains("Exact: one invoice for every order, nothing lost, nothing doubled."), this::text);
    }

    @Test
    void theLedgerIsExactAlthoughTheServerIsKilledInTheMiddle() throws InterruptedException {
        assertEquals(0, run("--kill"), this::text);
        assertTrue(text().contains("server killed (SIGKILL)"), this::text);
        assertTrue(text().contains("server restarted on the same data"), this::text);
        assertTrue(text().contains(TOTAL), this::text);
    }

    @Test
    void theLedgerIsExactAlthoughTheMasterIsKilledAndTheSlavePromoted() throws InterruptedException {
        assertEquals(0, run("--promote"), this::text);
        assertTrue(text().contains("Master killed (SIGKILL)"), this::text);
        assertTrue(text().contains("is the Master of broker-a, epoch "), this::text);
        assertTrue(text().contains("the old Master is back, and follows"), this::text);
        assertTrue(text().contains(TOTAL), this::text);
    }
}
