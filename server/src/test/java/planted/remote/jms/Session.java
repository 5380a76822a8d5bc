package planted.remote.jms;

/** Keeps to the rule. */
public record Session(Connection connection) {}
