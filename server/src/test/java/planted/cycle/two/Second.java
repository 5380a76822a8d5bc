package planted.cycle.two;

import planted.cycle.one.First;

/** The other half of a planted cycle. */
public record Second(First first) {}
