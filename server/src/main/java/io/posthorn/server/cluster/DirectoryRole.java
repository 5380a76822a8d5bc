package io.posthorn.server.cluster;

import io.posthorn.server.queue.CreationPolicy;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which broker group of the cluster is the directory, as this broker knows it: the one that the setting {@code directoryBrokerName} names; without
 * the setting this one, as long as no other group has ever been seen. So two groups that were started without the setting refuse to create
 * destinations, instead of each going its own way. Any thread.
 *
 * <p>That is safe because a broker registers with the NameServers before it looks who else has: of two that start at a time, at least one sees
 * the other.
 */
public final class DirectoryRole implements CreationPolicy {

    private final String self;
    /** Null when it is not set. */
    private final String configured;

    private volatile Set<String> groups;
    private volatile boolean looked;

    /** @param configured null or empty when it is not set */
    public DirectoryRole(String self, String configured) {
        this.self = self;
        this.configured = configured == null || configured.isEmpty() ? null : configured;
        this.groups = Set.of(self);
    }

    /** These groups are registered. They are remembered until the broker ends. */
    void seen(Set<String> registered) {
        if (!groups.containsAll(registered)) {
            Set<String> all = new TreeSet<>(groups);
            all.addAll(registered);
            groups = all;
        }
        looked = true;
    }

    /** All groups that were ever seen, by name; this one included. */
    public Set<String> groups() {
        return groups;
    }

    /** Whether it is known who the directory is, or that nobody is. */
    public boolean isSettled() {
        return configured != null || looked;
    }

    /** Name of the directory's group; empty while there is none. */
    public String directory() {
        if (configured != null) {
            return configured;
        }
        return looked && groups.size() == 1 ? self : "";
    }

    /** Whether this broker's group is the directory. */
    public boolean isHere() {
        return self.equals(directory());
    }

    @Override
    public String refusal() {
        String directory = directory();
        if (directory.equals(self)) {
            return null;
        }
        if (!directory.isEmpty()) {
            return "broker group " + directory + " is the directory, and places destinations";
        }
        return looked
                ? "the cluster has the broker groups " + groups
                        + ", and none is the directory: set directoryBrokerName to the same of them at all brokers"
                : "it is not known yet whether the cluster has other broker groups";
    }
}
