package io.posthorn.jms;

import io.posthorn.selector.Selector;
import io.posthorn.selector.SelectorSyntaxException;
import jakarta.jms.InvalidSelectorException;

/** Checks selector text before the broker sees it (Jakarta Messaging 3.1, 3.8.1.1). */
final class Selectors {

    private Selectors() {}

    /**
     * The text to use; null, empty and blank text all mean none.
     *
     * @return null for none
     */
    static String checked(String text) throws InvalidSelectorException {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            Selector.parse(text);
            return text;
        } catch (SelectorSyntaxException illegal) {
            throw Failures.linked(new InvalidSelectorException(illegal.getMessage()), illegal);
        }
    }
}
