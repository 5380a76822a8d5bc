package io.posthorn.selector;

/** A selector that is not one. The message says what is wrong and where, in words for the person who wrote it. */
public final class SelectorSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int position;

    SelectorSyntaxException(int position, String reason) {
        super(reason + " (at character " + (position + 1) + ")");
        this.position = position;
    }

    /** Where in the text, in chars from 0; at most the text's length. */
    public int position() {
        return position;
    }
}
