package io.posthorn.jms.message;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The body of one large message in a temporary file. One thread at a time; not a channel, which an interrupt would close.
 *
 * <p>The file's name is gone as soon as it is open, so that its space is given back when it is closed, when the message is garbage, and
 * when the process ends, in whatever way. Where an open file cannot be deleted (Windows), it goes when it is closed or at the end of the JVM.
 */
public final class SpoolFile implements BodySource {

    private final Path path;
    private final RandomAccessFile file;
    private long length;

    SpoolFile(Path path) throws IOException {
        this.path = path;
        try {
            file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException failed) {
            Files.deleteIfExists(path);
            throw failed;
        }
        if (!delete()) {
            path.toFile().deleteOnExit();
        }
    }

    @Override
    public long length() {
        return length;
    }

    /** Adds to its end. */
    public void append(byte[] bytes, int from, int count) throws JMSException {
        try {
            file.seek(length);
            file.write(bytes, from, count);
            length += count;
        } catch (IOException failed) {
            throw failure("a large message cannot be written to its temporary file " + path, failed);
        }
    }

    @Override
    public void read(long from, byte[] into) throws JMSException {
        read(from, into, into.length);
    }

    /** Fills the beginning of an array. */
    void read(long from, byte[] into, int count) throws JMSException {
        try {
            file.seek(from);
            file.readFully(into, 0, count);
        } catch (IOException failed) {
            throw failure("a large message cannot be read from its temporary file " + path, failed);
        }
    }

    /** Gives the space back; nothing can be read afterwards. */
    public void close() {
        try {
            file.close();
        } catch (IOException unclosed) {
            // Its descriptor is given back when it is garbage.
        }
        delete();
    }

    static JMSException failure(String what, IOException cause) {
        JMSException failure = new JMSException(what + ": " + cause.getMessage(), "SPOOL");
        failure.setLinkedException(cause);
        failure.initCause(cause);
        return failure;
    }

    private boolean delete() {
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (IOException stillOpen) {
            return false;
        }
    }
}
