package io.posthorn.server.simulation;

/** What must always hold; ARCHITECTURE.md says it in full. */
enum Invariant {
    I1("an acknowledged persistent message is delivered or still there"),
    I2("nothing is delivered before its commit position"),
    I3("first deliveries keep the send order"),
    I4("a settled message is never delivered again"),
    I5("a transaction is wholly visible or wholly absent"),
    I6("a prepared branch is listed until settled, and what it holds is delivered to nobody"),
    I7("commit positions never move back within an epoch"),
    I8("there is one Master per epoch"),
    I9("a repeated send is stored once"),
    I10("the state after replay equals that before the crash"),
    I11("a group is in one hand, in order");

    private final String text;

    Invariant(String text) {
        this.text = text;
    }

    /** @throws AssertionError if the condition does not hold; its text begins with the invariant's name */
    void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(name() + " (" + text + "): " + otherwise);
        }
    }

    /** Something is wrong that is no invariant of its own: a refusal, a missing answer. */
    static void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
