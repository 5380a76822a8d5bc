package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.selector.Selector;
import io.posthorn.selector.SelectorSyntaxException;

/** A selector as the broker uses it: text in its normal form, and a test that never throws. */
final class MessageFilter {

    /** Matches everything. */
    static final MessageFilter ALL = new MessageFilter(null);

    private final Selector selector;

    private MessageFilter(Selector selector) {
        this.selector = selector;
    }

    /**
     * @param text null, empty or blank for no selector
     * @throws SelectorSyntaxException if it is not a selector
     */
    static MessageFilter parse(String text) {
        Selector parsed = Selector.parseOptional(text);
        return parsed == null ? ALL : new MessageFilter(parsed);
    }

    boolean isAll() {
        return selector == null;
    }

    /** The text, empty when everything matches. */
    String text() {
        return selector == null ? "" : selector.text();
    }

    /** A message whose properties cannot be read matches no selector. */
    boolean matches(EncodedMessage message) {
        if (selector == null) {
            return true;
        }
        try {
            return selector.matches(message::selectorValue);
        } catch (MalformedMessageException unreadable) {
            return false;
        }
    }
}
