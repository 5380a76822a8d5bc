package io.posthorn.provider.remote;

import io.posthorn.protocol.api.LocateResponse;
import io.posthorn.protocol.api.LocateResponse.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The broker groups that hold a destination. Immutable.
 *
 * @param readable all of them
 * @param writable those that take messages
 */
record Location(List<String> readable, List<String> writable) {

    static final Location NOWHERE = new Location(List.of(), List.of());

    Location {
        readable = List.copyOf(readable);
        writable = List.copyOf(writable);
    }

    static Location of(LocateResponse.Location answer) {
        List<String> readable = new ArrayList<>(answer.parts().size());
        List<String> writable = new ArrayList<>(answer.parts().size());
        for (LocateResponse.Part part : answer.parts()) {
            readable.add(part.group());
            if (part.state() == State.ACTIVE) {
                writable.add(part.group());
            }
        }
        return new Location(readable, writable);
    }

    static Location of(Collection<String> groups) {
        return new Location(List.copyOf(groups), List.copyOf(groups));
    }

    boolean isNowhere() {
        return readable.isEmpty();
    }
}
