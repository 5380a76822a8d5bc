package planted.cycle.one;

import planted.cycle.two.Second;

/** Half of a planted cycle. */
public record First(Second second) {}
