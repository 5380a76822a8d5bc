package io.posthorn.tck;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which test proves which rule, or why none can, as a Markdown page. */
final class ChecklistReport {

    private static final String NONE = "not yet proved";
    private static final String NEVER = "untested for a reason";

    private final Rules rules;
    private final Map<String, Set<String>> tests;

    ChecklistReport(Rules rules, Claims claims) {
        this.rules = rules;
        this.tests = claims.tests();
    }

    /** The numbers of the rules of these sections that have neither a test nor a reason to have none. */
    List<String> gaps(int lastSection) {
        return rules.sections().stream()
                .filter(section -> Integer.parseInt(section.number()) <= lastSection)
                .flatMap(section -> section.rules().stream())
                .filter(this::isGap)
                .map(Rules.Rule::number)
                .toList();
    }

    /** The numbers of the rules that have a test, and a reason why there is none. */
    List<String> staleReasons() {
        return rules.sections().stream()
                .flatMap(section -> section.rules().stream())
                .filter(rule -> rule.untested() != null && tests.containsKey(rule.number()))
                .map(Rules.Rule::number)
                .toList();
    }

    private boolean isGap(Rules.Rule rule) {
        return rule.untested() == null && !tests.containsKey(rule.number());
    }

    String text() {
        StringBuilder page = new StringBuilder();
        int all = rules.numbers().size();
        int gaps = gaps(Integer.MAX_VALUE).size();
        page.append("# Jakarta Messaging 3.1: rules and the tests that prove them\n\n");
        page.append(all).append(" rules: ").append(tests.size()).append(" with tests, ");
        page.append(all - gaps - tests.size()).append(' ').append(NEVER).append(", ");
        page.append(gaps).append(' ').append(NONE).append(".\n");
        page.append(
                "A test counts for the rules that it names; it passes when the build does that wrote this page.\n\n");
        summary(page);
        for (Rules.Section section : rules.sections()) {
            section(page, section);
        }
        return page.toString();
    }

    private void summary(StringBuilder page) {
        row(page, "section", "rules", "with tests", NEVER, NONE);
        row(page, "---", "---:", "---:", "---:", "---:");
        for (Rules.Section section : rules.sections()) {
            int size = section.rules().size();
            long proved = section.rules().stream()
                    .filter(rule -> tests.containsKey(rule.number()))
                    .count();
            long gaps = section.rules().stream().filter(this::isGap).count();
            row(page, section.number() + " " + section.title(), size, proved, size - proved - gaps, gaps);
        }
    }

    private void section(StringBuilder page, Rules.Section section) {
        page.append("\n## ")
                .append(section.number())
                .append(' ')
                .append(section.title())
                .append("\n\n");
        row(page, "rule", "", "tests");
        row(page, "---", "---", "---");
        for (Rules.Rule rule : section.rules()) {
            row(page, rule.number(), rule.words(), proof(rule));
        }
    }

    private String proof(Rules.Rule rule) {
        Set<String> by = tests.get(rule.number());
        if (by != null) {
            return String.join(", ", by);
        }
        return rule.untested() == null ? NONE : "untested: " + rule.untested();
    }

    private static void row(StringBuilder page, Object... cells) {
        for (Object cell : cells) {
            page.append("| ").append(cell).append(' ');
        }
        page.append("|\n");
    }
}
