package io.posthorn.tck;

import java.util.Map;
import java.util.Set;

/** Which test proves which rule, as a Markdown page. */
final class ChecklistReport {

    private static final String NONE = "not yet proved";

    private final Rules rules;
    private final Map<String, Set<String>> tests;

    ChecklistReport(Rules rules, Claims claims) {
        this.rules = rules;
        this.tests = claims.tests();
    }

    String text() {
        StringBuilder page = new StringBuilder();
        int all = rules.numbers().size();
        page.append("# Jakarta Messaging 3.1: rules and the tests that prove them\n\n");
        page.append(all).append(" rules: ").append(tests.size()).append(" with tests, ");
        page.append(all - tests.size()).append(' ').append(NONE).append(".\n");
        page.append(
                "A test counts for the rules that it names; it passes when the build does that wrote this page.\n\n");
        summary(page);
        for (Rules.Section section : rules.sections()) {
            section(page, section);
        }
        return page.toString();
    }

    private void summary(StringBuilder page) {
        page.append("| section | rules | with tests | ").append(NONE).append(" |\n| --- | ---: | ---: | ---: |\n");
        for (Rules.Section section : rules.sections()) {
            int size = section.rules().size();
            long proved = section.rules().stream()
                    .filter(rule -> tests.containsKey(rule.number()))
                    .count();
            page.append("| ")
                    .append(section.number())
                    .append(' ')
                    .append(section.title())
                    .append(" | ");
            page.append(size)
                    .append(" | ")
                    .append(proved)
                    .append(" | ")
                    .append(size - proved)
                    .append(" |\n");
        }
    }

    private void section(StringBuilder page, Rules.Section section) {
        page.append("\n## ")
                .append(section.number())
                .append(' ')
                .append(section.title())
                .append("\n\n");
        page.append("| rule | | tests |\n| --- | --- | --- |\n");
        for (Rules.Rule rule : section.rules()) {
            Set<String> by = tests.get(rule.number());
            page.append("| ")
                    .append(rule.number())
                    .append(" | ")
                    .append(rule.words())
                    .append(" | ");
            page.append(by == null ? NONE : String.join(", ", by)).append(" |\n");
        }
    }
}
