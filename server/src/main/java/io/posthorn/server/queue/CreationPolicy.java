package io.posthorn.server.queue;

/** Whether destinations may come into being here at their first use; asked by the heart's thread. */
public interface CreationPolicy {

    /** Everywhere and always: a broker that is alone. */
    CreationPolicy ALONE = () -> null;

    /** Why not, for people: because another broker group places them, or because nobody knows which one does. Null when they may. */
    String refusal();
}
