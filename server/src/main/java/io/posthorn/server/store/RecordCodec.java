package io.posthorn.server.store;

import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of a journal entry: a list of records, and the bytes of the one message they may bear at the very end, so that a writer
 * copies them exactly once and a reader that does not want them stops before. Stateless; any thread.
 *
 * <pre>
 * u8      payload version, 1 or 2
 * i64     in version 2: when the entry was appended, ms since 1970
 * varint  number of records, at least 1
 *         per record: u8 type, fields as drawn in {@link RecordFields}
 * ...     message bytes ({@link EncodedMessage}), to the end; only if a record bears one
 * </pre>
 */
public final class RecordCodec {

    /** {@link #timeMs} of a payload that does not say it. */
    public static final long NO_TIME = -1;

    private static final int UNTIMED = 1;
    private static final int TIMED = 2;

    private RecordCodec() {}

    /**
     * Writes everything but the message's bytes, in version 1: without a time, as rows of tables have it at every level.
     *
     * @param records at least one, at most one of which bears a message
     * @return the message whose bytes must follow directly, or null
     * @throws StoreException if the list is empty, holds two messages, or a field that has no encoding
     */
    public static EncodedMessage encode(List<JournalRecord> records, ByteWriter out) {
        out.u8(UNTIMED);
        return records(records, out);
    }

    /**
     * As above, in version 2.
     *
     * @param timeMs when it is appended, ms since 1970
     */
    public static EncodedMessage encode(List<JournalRecord> records, long timeMs, ByteWriter out) {
        out.u8(TIMED).i64(timeMs);
        return records(records, out);
    }

    private static EncodedMessage records(List<JournalRecord> records, ByteWriter out) {
        int count = records.size();
        if (count == 0) {
            throw new StoreException("an entry has at least one record");
        }
        out.varint(count);
        EncodedMessage message = null;
        for (int i = 0; i < count; i++) {
            JournalRecord record = records.get(i);
            EncodedMessage borne = messageOf(record);
            if (borne != null) {
                if (message != null) {
                    throw new StoreException("an entry bears at most one message");
                }
                message = borne;
            }
            write(record, out);
        }
        return message;
    }

    /**
     * Reads a whole payload, the message included.
     *
     * @throws StoreException if it is of a newer version, holds an unknown record type, or is not a payload at all
     */
    public static List<JournalRecord> decode(byte[] array, int from, int length) {
        return decode(array, from, length, true);
    }

    /** As {@link #decode(byte[], int, int)}, but leaves the bearing record's message null and copies none of its bytes. */
    public static List<JournalRecord> decodeWithoutMessage(byte[] array, int from, int length) {
        return decode(array, from, length, false);
    }

    /** The version of a payload, which is the format level it was written at; it may be one that cannot be read. */
    public static int version(byte[] array, int from) {
        return array[from] & 0xff;
    }

    /** When an entry was appended, in ms since 1970; {@link #NO_TIME} when it is of level 1. */
    public static long timeMs(byte[] array, int from, int length) {
        try {
            ByteReader in = new ByteReader(array, from, length);
            return version(in) == TIMED ? in.i64() : NO_TIME;
        } catch (MalformedMessageException malformed) {
            throw new StoreException("a journal entry cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    /** Only the message of a payload, or null when it has none. */
    public static EncodedMessage decodeMessage(byte[] array, int from, int length) {
        List<JournalRecord> records = decode(array, from, length, true);
        for (int i = 0; i < records.size(); i++) {
            EncodedMessage message = messageOf(records.get(i));
            if (message != null) {
                return message;
            }
        }
        return null;
    }

    /** Writes one record that bears no message, without version or count: the form of small LMDB values. */
    public static void write(JournalRecord record, ByteWriter out) {
        try {
            RecordFields.write(record, out);
        } catch (IllegalArgumentException illegal) {
            throw new StoreException("a " + name(record) + " record has no encoding: " + illegal.getMessage(), illegal);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static JournalRecord read(ByteReader in) {
        try {
            return RecordFields.read(in);
        } catch (MalformedMessageException malformed) {
            throw new StoreException("a stored record cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    /** The message a record bears, or null. */
    public static EncodedMessage messageOf(JournalRecord record) {
        if (record instanceof JournalRecord.Published published) {
            return published.message();
        }
        if (record instanceof JournalRecord.Staged staged) {
            return staged.message();
        }
        return record instanceof JournalRecord.Scheduled scheduled ? scheduled.message() : null;
    }

    /** When the message a record bears was received, ms since 1970; 0 if it bears none. */
    public static long receivedMsOf(JournalRecord record) {
        if (record instanceof JournalRecord.Published published) {
            return published.receivedMs();
        }
        if (record instanceof JournalRecord.Staged staged) {
            return staged.receivedMs();
        }
        return record instanceof JournalRecord.Scheduled scheduled ? scheduled.receivedMs() : 0;
    }

    private static List<JournalRecord> decode(byte[] array, int from, int length, boolean withMessage) {
        try {
            ByteReader in = new ByteReader(array, from, length);
            if (version(in) == TIMED) {
                in.i64();
            }
            int count = in.count();
            if (count == 1) {
                return List.of(decodeOne(in, withMessage));
            }
            List<JournalRecord> records = new ArrayList<>(count);
            // The message lies behind the records, so its bearer is completed when all of them are read.
            int bearer = -1;
            for (int i = 0; i < count; i++) {
                JournalRecord record = RecordFields.read(in);
                if (RecordFields.bearsMessage(record)) {
                    bearer = i;
                }
                records.add(record);
            }
            if (bearer >= 0 && withMessage) {
                records.set(bearer, RecordFields.withMessage(records.get(bearer), message(in)));
            }
            return records;
        } catch (MalformedMessageException malformed) {
            throw new StoreException("a journal entry cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    private static int version(ByteReader in) {
        int version = in.u8();
        if (version < FormatLevel.FIRST || version > FormatLevel.NEWEST) {
            throw new StoreException("a journal entry has payload version " + version + ", this release reads "
                    + FormatLevel.FIRST + " to " + FormatLevel.NEWEST + ": start the release that wrote it");
        }
        return version;
    }

    private static JournalRecord decodeOne(ByteReader in, boolean withMessage) {
        JournalRecord record = RecordFields.read(in);
        return withMessage && RecordFields.bearsMessage(record)
                ? RecordFields.withMessage(record, message(in))
                : record;
    }

    private static EncodedMessage message(ByteReader in) {
        return EncodedMessage.wrap(in.raw(in.remaining()));
    }

    private static String name(JournalRecord record) {
        return record.getClass().getSimpleName();
    }
}
