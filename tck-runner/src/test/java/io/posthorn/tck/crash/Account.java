package io.posthorn.tck.crash;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What producers were told about their messages, and which have come out at the other end. One bit per message, so that it can go on for
 * long. Thread-safe.
 */
final class Account {

    /** Messages that belong together: one, or those of a transaction. Numbers rise per producer, without gaps. */
    record Work(int producer, int first, int size) {

        int end() {
            return first + size;
        }
    }

    private static final class Row {
        int next;
        final BitSet promised = new BitSet();
        final BitSet never = new BitSet();
        final BitSet arrived = new BitSet();
        final List<Work> doubtful = new ArrayList<>();
    }

    private final Map<Integer, Row> rows = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long acknowledged;
    private long rolledBack;

    /** A producer is about to send so many messages. */
    synchronized Work begin(int producer, int size) {
        Row row = rows.computeIfAbsent(producer, absent -> new Row());
        Work work = new Work(producer, row.next, size);
        row.next += size;
        return work;
    }

    /** The send, or the commit, returned: all of it comes, once. */
    synchronized void acknowledged(Work work) {
        rows.get(work.producer()).promised.set(work.first(), work.end());
        acknowledged += work.size();
    }

    /** It was rolled back, or never committed: nothing of it comes. */
    synchronized void never(Work work) {
        rows.get(work.producer()).never.set(work.first(), work.end());
        rolledBack++;
    }

    /** Nobody knows: all of it comes, or nothing. */
    synchronized void doubtful(Work work) {
        rows.get(work.producer()).doubtful.add(work);
    }

    /** A message has come out. */
    synchronized void arrived(int producer, int number) {
        Row row = rows.get(producer);
        if (row.arrived.get(number)) {
            wrong.add("came twice: " + producer + "-" + number);
        }
        if (row.never.get(number)) {
            wrong.add("was rolled back and came: " + producer + "-" + number);
        }
        row.arrived.set(number);
    }

    /** Whether all that was promised has come out. */
    synchronized boolean isComplete() {
        return rows.values().stream().allMatch(row -> missing(row).isEmpty());
    }

    /** What contradicts the promises, once everything has come out that will; empty when all is well. */
    synchronized List<String> violations() {
        List<String> found = new ArrayList<>(wrong);
        rows.forEach((producer, row) -> {
            BitSet missing = missing(row);
            if (!missing.isEmpty()) {
                found.add("promised and gone: " + missing.cardinality() + " messages of producer " + producer + ": "
                        + missing);
            }
            for (Work work : row.doubtful) {
                int came = row.arrived.get(work.first(), work.end()).cardinality();
                if (came != 0 && came != work.size()) {
                    found.add(came + " of " + work.size() + " messages came of " + work);
                }
            }
            BitSet forbidden = (BitSet) row.never.clone();
            forbidden.and(row.arrived);
            if (!forbidden.isEmpty()) {
                found.add("rolled back and came, of producer " + producer + ": " + forbidden);
            }
        });
        return found;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** Figures for a report. */
    synchronized String summary() {
        int doubtful =
                rows.values().stream().mapToInt(row -> row.doubtful.size()).sum();
        return acknowledged + " messages acknowledged, " + rolledBack + " transactions rolled back, " + doubtful
                + " sends and commits in doubt";
    }

    private static BitSet missing(Row row) {
        BitSet missing = (BitSet) row.promised.clone();
        missing.andNot(row.arrived);
        return missing;
    }
}
