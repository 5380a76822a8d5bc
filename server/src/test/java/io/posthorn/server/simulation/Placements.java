package io.posthorn.server.simulation;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Placement;
import java.util.HashMap;
import java.util.Map;

/** Which entry gave which message its place: what the broker has journalled, read independently of its heart. I9 is checked here. */
final class Placements {

    private record At(String place, long position, EncodedMessage message) {}

    private final Map<String, At> byPlace = new HashMap<>();
    private final Map<String, At> byMessage = new HashMap<>();
    private final Map<String, EncodedMessage> staged = new HashMap<>();
    private final Map<Long, EncodedMessage> scheduled = new HashMap<>();
    /** Which entries have committed what has to wait, by message. */
    private final Map<String, Long> postponed = new HashMap<>();

    void note(JournalEntry entry) {
        for (JournalRecord record : entry.records()) {
            if (record instanceof JournalRecord.Published p) {
                place(p.lane(), p.offset(), entry.position(), p.message());
            } else if (record instanceof JournalRecord.Staged s) {
                staged.put(s.producerId() + "/" + s.txSequence() + "/" + s.index(), s.message());
            } else if (record instanceof JournalRecord.Scheduled s) {
                scheduled.put(s.scheduleId(), s.message());
            } else if (record instanceof JournalRecord.Postponed p) {
                EncodedMessage message = staged.get(p.producerId() + "/" + p.txSequence() + "/" + p.index());
                scheduled.put(p.scheduleId(), message);
                postponed.put(Sent.name(message), entry.position());
            } else if (record instanceof JournalRecord.Due d && d.lane() >= 0) {
                place(d.lane(), d.offset(), entry.position(), scheduled.get(d.scheduleId()));
            } else if (record instanceof JournalRecord.Committed c) {
                for (Placement p : c.placements()) {
                    EncodedMessage message = staged.get(c.producerId() + "/" + c.txSequence() + "/" + p.index());
                    place(p.lane(), p.offset(), entry.position(), message);
                }
            }
        }
    }

    /** Entries from this position on are gone. */
    void cut(long position) {
        byPlace.values().removeIf(at -> at.position >= position);
        byMessage.values().removeIf(at -> at.position >= position);
        postponed.values().removeIf(at -> at >= position);
    }

    /** A placement did not survive, by sabotage. */
    void forget(long lane, long offset) {
        At gone = byPlace.remove(lane + "@" + offset);
        if (gone != null) {
            byMessage.values().remove(gone);
        }
    }

    /** Position of the entry that placed it; -1 = nothing has. */
    long positionOf(long lane, long offset) {
        At at = byPlace.get(lane + "@" + offset);
        return at == null ? -1 : at.position;
    }

    /** Position of the entry that committed it; -1 = nothing has. */
    long positionOf(Sent sent) {
        Long committed = postponed.get(sent.toString());
        if (committed != null) {
            return committed;
        }
        At at = byMessage.get(sent.toString());
        return at == null ? -1 : at.position;
    }

    EncodedMessage message(long lane, long offset) {
        return byPlace.get(lane + "@" + offset).message;
    }

    private void place(long lane, long offset, long position, EncodedMessage message) {
        At at = new At(lane + "@" + offset, position, message);
        byPlace.put(at.place, at);
        if (!message.destination().equals(LargeBody.CHUNKS)) {
            String name = Sent.name(message);
            At before = byMessage.put(name, at);
            Invariant.I9.require(
                    before == null || before.place.equals(at.place),
                    name + " is stored at " + (before == null ? "" : before.place) + " and at " + at.place);
        }
    }
}
