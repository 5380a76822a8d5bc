package io.posthorn.server.store.lmdb;

import java.nio.ByteBuffer;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;

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
 * </pre>
 *
 * <p>Negative ids (producers are random) sort behind the others: keys compare unsigned.
 */
final class Tables {

    static final int COUNT = 11;

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

    Tables(Env<ByteBuffer> env) {
        meta = env.openDbi("meta", DbiFlags.MDB_CREATE);
        destination = env.openDbi("destination", DbiFlags.MDB_CREATE);
        subscription = env.openDbi("subscription", DbiFlags.MDB_CREATE);
        lane = env.openDbi("lane", DbiFlags.MDB_CREATE);
        head = env.openDbi("head", DbiFlags.MDB_CREATE);
        body = env.openDbi("body", DbiFlags.MDB_CREATE);
        pending = env.openDbi("pending", DbiFlags.MDB_CREATE);
        delivery = env.openDbi("delivery", DbiFlags.MDB_CREATE);
        staged = env.openDbi("staged", DbiFlags.MDB_CREATE);
        schedule = env.openDbi("schedule", DbiFlags.MDB_CREATE);
        producer = env.openDbi("producer", DbiFlags.MDB_CREATE);
    }
}
