package io.posthorn.server.store.lmdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * The named databases of the environment. Keys are big-endian, so that their order is scan order; values are drawn in {@link Values}.
 *
 * <pre>
 * table         key                                        value
 * meta          "state"                                    format version, position, epoch
 * destination   i32 destination                            record DestinationCreated
 * subscription  i32 subscription                           record SubscriptionCreated
 * lane          i64 lane                                   i64 next offset
 * head          i64 lane, i64 offset                       receivedMs, position, size, head bytes of the message
 * body          i64 lane, i64 offset                       body bytes; no row when there are none
 * size          i64 lane, i64 block                        sizes of the messages of a block: one for all, or one for each
 * pending       i32 subscription, i64 lane, i64 block      64 × i64, one bit per offset, set = waited for; no row when none is
 * delivery      i32 subscription, i64 lane, i64 offset     i32 count, i64 notBeforeMs
 * staged        i64 producer, i64 transaction, i32 index   i64 position, payload of one Staged record with its message
 * schedule      i64 schedule id                            i64 position, payload of one Scheduled record with its message
 * producer      i64 producer                               record ProducerRow
 * branch        i32 format, u8 gtrid length, gtrid, bqual  record Prepared, or BranchEnded of one that was decided alone
 * cluster       u8 record type, 32 bytes SHA-256 of a name  record DestinationPlaced, SubscriptionGranted, GroupDrained or DecisionMade
 * large         i64 lane, i64 offset                       where the body of a large message lies, as the message says it;
 *               i64 -1, i64 schedule id                    the same for one that waits for its time
 * due           i64 dueMs, i64 schedule id                 empty: schedules by time
 * expiry        i64 expiresMs, i64 lane, i64 offset        empty: messages with a place, by the time when they expire
 * </pre>
 *
 * <p>Negative ids (producers are random) sort behind the others: keys compare unsigned.
 */
final class Tables {

    static final int COUNT = 17;

    final Dbi<ByteBuffer> meta;
    final Dbi<ByteBuffer> destination;
    final Dbi<ByteBuffer> subscription;
    final Dbi<ByteBuffer> lane;
    final Dbi<ByteBuffer> head;
    final Dbi<ByteBuffer> body;
    final Dbi<ByteBuffer> size;
    final Dbi<ByteBuffer> pending;
    final Dbi<ByteBuffer> delivery;
    final Dbi<ByteBuffer> staged;
    final Dbi<ByteBuffer> schedule;
    final Dbi<ByteBuffer> producer;
    final Dbi<ByteBuffer> branch;
    /** Null in a store of before there were large messages, opened for reading. */
    final Dbi<ByteBuffer> large;
    /** Null in a store of before there were several broker groups, opened for reading. */
    final Dbi<ByteBuffer> cluster;
    /** Likewise of before schedules were read by time. */
    final Dbi<ByteBuffer> due;
    /** Likewise. */
    final Dbi<ByteBuffer> expiry;

    private Tables(Env<ByteBuffer> env, Txn<ByteBuffer> txn, DbiFlags... flags) {
        meta = open(env, txn, "meta", flags);
        destination = open(env, txn, "destination", flags);
        subscription = open(env, txn, "subscription", flags);
        lane = open(env, txn, "lane", flags);
        head = open(env, txn, "head", flags);
        body = open(env, txn, "body", flags);
        size = open(env, txn, "size", flags);
        pending = open(env, txn, "pending", flags);
        delivery = open(env, txn, "delivery", flags);
        staged = open(env, txn, "staged", flags);
        schedule = open(env, txn, "schedule", flags);
        producer = open(env, txn, "producer", flags);
        branch = open(env, txn, "branch", flags);
        large = openIfAny(env, txn, "large", flags);
        cluster = openIfAny(env, txn, "cluster", flags);
        due = openIfAny(env, txn, "due", flags);
        expiry = openIfAny(env, txn, "expiry", flags);
    }

    /** Opens all of them, creating what is missing, in one transaction: each commit costs a sync. */
    static Tables create(Env<ByteBuffer> env, Values values) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            Tables tables = new Tables(env, txn, DbiFlags.MDB_CREATE);
            if (tables.due.stat(txn).entries == 0) {
                new Rows(tables, values, txn).indexSchedules();
            }
            txn.commit();
            return tables;
        }
    }

    /** Opens all of them in an environment that cannot be written. */
    static Tables existing(Env<ByteBuffer> env) {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            Tables tables = new Tables(env, txn);
            txn.commit();
            return tables;
        }
    }

    /** Pages that all tables take together. */
    long pages(Txn<ByteBuffer> txn) {
        long pages = 0;
        for (Dbi<ByteBuffer> table : List.of(
                meta,
                destination,
                subscription,
                lane,
                head,
                body,
                size,
                pending,
                delivery,
                staged,
                schedule,
                producer,
                branch)) {
            pages += DeepStore.pages(table.stat(txn));
        }
        return pages + pages(large, txn) + pages(cluster, txn) + pages(due, txn) + pages(expiry, txn);
    }

    private static long pages(Dbi<ByteBuffer> tableOrNull, Txn<ByteBuffer> txn) {
        return tableOrNull == null ? 0 : DeepStore.pages(tableOrNull.stat(txn));
    }

    private static Dbi<ByteBuffer> openIfAny(Env<ByteBuffer> env, Txn<ByteBuffer> txn, String name, DbiFlags... flags) {
        try {
            return open(env, txn, name, flags);
        } catch (Dbi.KeyNotFoundException absent) {
            return null;
        }
    }

    private static Dbi<ByteBuffer> open(Env<ByteBuffer> env, Txn<ByteBuffer> txn, String name, DbiFlags... flags) {
        return env.openDbi(txn, name.getBytes(StandardCharsets.US_ASCII), null, false, flags);
    }
}
