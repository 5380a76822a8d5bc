package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The annotations fit the list of rules; the page that shows both is written at every build. */
class ChecklistTest {

    /**
     * Whether the build fails when a rule of the checked sections has neither a test nor a reason to have none. Turn it on when the
     * gaps that the report shows are closed, and leave it on.
     */
    private static final boolean GAPS_FAIL_THE_BUILD = true;

    /** The sections after this one are about containers. */
    private static final int LAST_CHECKED_SECTION = 30;

    @Test
    void annotationsNameRulesThatAreThere() throws Exception {
        Claims claims = Claims.of("io.posthorn.tck", Rules.read().numbers());
        assertFalse(claims.tests().isEmpty());
        assertEquals(List.of(), claims.mistakes());
    }

    @Test
    void noRuleIsForgotten() throws Exception {
        Rules rules = Rules.read();
        ChecklistReport report = new ChecklistReport(rules, Claims.of("io.posthorn.tck", rules.numbers()));
        assertEquals(List.of(), report.staleReasons());
        if (GAPS_FAIL_THE_BUILD) {
            assertEquals(List.of(), report.gaps(LAST_CHECKED_SECTION));
        }
    }

    @Test
    void theReportIsWritten() throws Exception {
        Rules rules = Rules.read();
        Claims claims = Claims.of("io.posthorn.tck", rules.numbers());
        Path file = Path.of(System.getProperty("posthorn.checklist.report", "target/checklist-report.md"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, new ChecklistReport(rules, claims).text());
        List<String> lines = Files.readAllLines(file);
        for (String rule : rules.numbers()) {
            assertEquals(
                    1,
                    lines.stream()
                            .filter(line -> line.startsWith("| " + rule + " | "))
                            .count(),
                    rule);
        }
    }

    @Test
    void mistakesAreFound() throws Exception {
        Claims claims = Claims.of("planted.checklist", Set.of("1.01", "1.02", "1.03", "1.04"));
        assertEquals(
                Map.of("1.01", Set.of("Mistaken.namesARuleThatIsNotThere"), "1.04", Set.of("Mistaken.Inner")),
                claims.tests());
        assertEquals(
                Set.of(
                        "Mistaken.namesARuleThatIsNotThere names an unknown rule: 99.01",
                        "Mistaken.isNoTest is no test",
                        "Mistaken.doesNotRun does not run",
                        "Mistaken.Inner.namesARuleCarelessly names an unknown rule: 2.1"),
                Set.copyOf(claims.mistakes()));
    }

    @Test
    void badListsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Rules.parse(List.of("1.01 before any section")));
        assertThrows(IllegalArgumentException.class, () -> Rules.parse(List.of("§ 1 One", "2.01 of another")));
        assertThrows(IllegalArgumentException.class, () -> Rules.parse(List.of("§ 1 One", "1.01 a", "1.01 b")));
        assertThrows(IllegalArgumentException.class, () -> Rules.parse(List.of("§ 1 One", "1.1 one digit")));
        assertThrows(
                IllegalArgumentException.class, () -> Rules.parse(List.of("§ 1 One", "1.01 words | tested: well")));
        assertThrows(IllegalArgumentException.class, () -> Rules.parse(List.of("§ 1 One", "1.01 words | untested: ")));
    }

    @Test
    void gapsAndStaleReasonsAreFound() {
        Rules rules = Rules.parse(List.of(
                "§ 1 One",
                "1.01 gap",
                "1.02 proved",
                "1.03 words | untested: about documentation",
                "1.04 proved after all | untested: thought so",
                "§ 31 Late",
                "31.01 gap"));
        Claims claims = new Claims(Map.of("1.02", Set.of("SomeIT.a"), "1.04", Set.of("SomeIT.b")), List.of());
        ChecklistReport report = new ChecklistReport(rules, claims);
        assertEquals(List.of("1.01"), report.gaps(30));
        assertEquals(List.of("1.01", "31.01"), report.gaps(31));
        assertEquals(List.of("1.04"), report.staleReasons());
    }

    @Test
    void rulesWithoutTestsAreShownAndCounted() {
        Rules rules = Rules.parse(List.of(
                "# comment", "§ 1 One", "1.01 first", "1.02 second", "", "§ 2 Two", "2.01 third | untested: a reason"));
        Claims claims = new Claims(Map.of("1.02", Set.of("SomeIT.proves")), List.of());
        String page = new ChecklistReport(rules, claims).text();
        assertTrue(page.contains("3 rules: 1 with tests, 1 untested for a reason, 1 not yet proved."), page);
        assertTrue(page.contains("| 1 One | 2 | 1 | 0 | 1 |"), page);
        assertTrue(page.contains("| 2 Two | 1 | 0 | 1 | 0 |"), page);
        assertTrue(page.contains("| 1.01 | first | not yet proved |"), page);
        assertTrue(page.contains("| 1.02 | second | SomeIT.proves |"), page);
        assertTrue(page.contains("| 2.01 | third | untested: a reason |"), page);
    }
}
