package io.posthorn.server.nameserver;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which {@link Switch}es are on now. Any thread. */
final class Switches {

    private final Set<Switch> on = ConcurrentHashMap.newKeySet();

    Switches(Set<Switch> on) {
        this.on.addAll(on);
    }

    boolean isOn(Switch which) {
        return on.contains(which);
    }

    void set(Switch which, boolean value) {
        if (value) {
            on.add(which);
        } else {
            on.remove(which);
        }
    }
}
