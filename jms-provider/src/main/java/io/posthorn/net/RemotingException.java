package io.posthorn.net;

/** A request or connection that failed below the level of answers. The subclass says how, the text says with whom. */
public abstract class RemotingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param traced false leaves out the stack trace, for failures that come in masses and whose text says it all */
    RemotingException(String text, Throwable cause, boolean traced) {
        super(text, cause, true, traced);
    }
}
