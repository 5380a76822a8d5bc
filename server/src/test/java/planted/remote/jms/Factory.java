package planted.remote.jms;

import planted.remote.provider.remote.Cluster;

/** May use it. */
public record Factory(Cluster cluster) {}
