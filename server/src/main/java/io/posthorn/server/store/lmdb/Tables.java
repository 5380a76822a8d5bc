package io.posthorn.server.store.lmdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * pending       i32 subscription, i64 lane, i64 block      64 × i64, one bit per offset, set = waited for; no row when none is
 * delivery      i32 subscription, i64 lane, i64 offset     i32 count, i64 notBeforeMs
 * staged        i64 producer, i64 transaction, i32 index   i64 position, payload of one Staged record with its message
 * schedule      i64 schedule id                            i64 position, payload of one Scheduled record with its message
 * producer      i64 producer                               record ProducerRow
 * branch        i32 format, u8 gtrid length, gtrid, bqual  record Prepared, or BranchEnded of one that was decided alone
 * </pre>
 *
 * <p>Negative ids (producers are random) sort behind the others: keys compare unsigned.
 */
final class Tables {

    static final int COUNT = 12;

    final Dbi<ByteBuffer> meta;
    final Dbi<ByteBuffer> destination;
    final Dbi<ByteBuffer> subscription;
    final Dbi<ByteBuffer> lane;
    final Dbi<ByteBuffer> head;
    final Dbi<ByteBuffer> body;
    final Dbi<ByteBuffer> pending;
    final Dbi<ByteBuffer> delivery;
    final Dbi<ByteBuffer> staged;
    final Dbi<ByteBuffer> schedule;
    final Dbi<ByteBuffer> producer;
    final Dbi<ByteBuffer> branch;

    /** Opens all of them, creating what is missing, in one transaction: each commit costs a sync. */
    Tables(Env<ByteBuffer> env) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            meta = open(env, txn, "meta");
            destination = open(env, txn, "destination");
            subscription = open(env, txn, "subscription");
            lane = open(env, txn, "lane");
            head = open(env, txn, "head");
            body = open(env, txn, "body");
            pending = open(env, txn, "pending");
            delivery = open(env, txn, "delivery");
            staged = open(env, txn, "staged");
            schedule = open(env, txn, "schedule");
            producer = open(env, txn, "producer");
            branch = open(env, txn, "branch");
            txn.commit();
        }
    }

    private static Dbi<ByteBuffer> open(Env<ByteBuffer> env, Txn<ByteBuffer> txn, String name) {
        return env.openDbi(txn, name.getBytes(StandardCharsets.US_ASCII), null, false, DbiFlags.MDB_CREATE);
    }
}
