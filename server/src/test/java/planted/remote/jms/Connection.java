package planted.remote.jms;

import planted.remote.provider.remote.Cluster;

/** A planted violation: goes past the factory. */
public final class Connection {

    private Cluster[] clusters = {};

    /** How many clusters it has got hold of. */
    public int size() {
        return clusters.length;
    }
}
