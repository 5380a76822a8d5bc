package io.posthorn.tck;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of {@code checklist.txt}, in their order. */
record Rules(List<Section> sections) {

    private static final Pattern SECTION = Pattern.compile("§ (\\d+) (.+)");
    private static final Pattern RULE = Pattern.compile("(\\d+)\\.\\d\\d ([^|]+?)(?: \\| untested: ([^|]+))?");

    /** One rule: its number as in annotations, a few words, and why no test can prove it, or null. */
    record Rule(String number, String words, String untested) {}

    /** Rules that belong together. */
    record Section(String number, String title, List<Rule> rules) {}

    /** The list that lies beside the tests. */
    static Rules read() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Rules.class.getResourceAsStream("/checklist.txt")), StandardCharsets.UTF_8))) {
            return parse(lines.lines().toList());
        }
    }

    /** @throws IllegalArgumentException for a line that is none, a rule in the wrong section, or a number that comes twice */
    static Rules parse(List<String> lines) {
        List<Section> sections = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher section = SECTION.matcher(line);
            if (section.matches()) {
                sections.add(new Section(section.group(1), section.group(2), new ArrayList<>()));
                continue;
            }
            Matcher rule = RULE.matcher(line);
            Section current = sections.isEmpty() ? null : sections.get(sections.size() - 1);
            if (!rule.matches() || current == null || !current.number().equals(rule.group(1))) {
                throw new IllegalArgumentException("no rule of its section: " + line);
            }
            String number = line.substring(0, line.indexOf(' '));
            if (!seen.add(number)) {
                throw new IllegalArgumentException("twice: " + line);
            }
            current.rules().add(new Rule(number, rule.group(2), rule.group(3)));
        }
        return new Rules(sections);
    }

    Set<String> numbers() {
        Set<String> all = new HashSet<>();
        sections.forEach(section -> section.rules().forEach(rule -> all.add(rule.number())));
        return all;
    }
}
