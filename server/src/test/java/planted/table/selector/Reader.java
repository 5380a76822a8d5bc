package planted.table.selector;

import planted.table.provider.Port;

/** A planted violation of the import table. */
public record Reader(Port port) {}
