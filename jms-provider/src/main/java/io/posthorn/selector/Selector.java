package io.posthorn.selector;

import java.util.Set;

/**
 * A parsed message selector (Jakarta Messaging 3.1, 3.8.1). Immutable; any thread may evaluate it, and many at once.
 *
 * <p>The client parses a selector to refuse a bad one before it bothers the broker; the broker evaluates it once per
 * message and subscription. Evaluation never throws, whatever the types of the values it meets, and allocates nothing
 * unless the selector does arithmetic on properties.
 *
 * <p>Numbers are computed and compared after the numeric promotion of Java, so two int properties wrap at 32 bits. Where the
 * specification leaves a choice: integer literals are longs, so constants as {@code 1000 * 60 * 60 * 24 * 365} do not wrap;
 * an integer division by zero is unknown; values of unlike types compare as false with every operator, {@code <>} included,
 * and two constants of unlike types are refused.
 */
public final class Selector {

    /** Longest selector text, in bytes of UTF-8. */
    public static final int TEXT_MAX_BYTES = 8 * 1024;

    /** Deepest nesting of parentheses, NOTs, signs and arithmetic. */
    public static final int DEPTH_MAX = 200;

    private final String text;
    private final Condition root;
    private final Set<String> identifiers;

    Selector(String text, Condition root, Set<String> identifiers) {
        this.text = text;
        this.root = root;
        this.identifiers = Set.copyOf(identifiers);
    }

    /**
     * Parses a selector.
     *
     * @param text not null
     * @throws SelectorSyntaxException if it is blank, over {@value #TEXT_MAX_BYTES} bytes, nested deeper than
     *     {@value #DEPTH_MAX}, or against the grammar
     */
    public static Selector parse(String text) {
        return new SelectorParser(text).parse();
    }

    /**
     * As {@link #parse}, but null, empty and blank text give null: no selector, every message matches (3.8.1.1).
     *
     * @throws SelectorSyntaxException as above
     */
    public static Selector parseOptional(String textOrNull) {
        return textOrNull == null || textOrNull.isBlank() ? null : parse(textOrNull);
    }

    /** Whether the condition is true for this message; false and unknown do not match. */
    public boolean matches(PropertySource source) {
        return root.test(source) == Condition.TRUE;
    }

    /** The text as it was given. */
    public String text() {
        return text;
    }

    /** The identifiers it names; unmodifiable. */
    public Set<String> identifiers() {
        return identifiers;
    }

    /** Two selectors are equal when their texts are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Selector that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
