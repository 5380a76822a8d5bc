package io.posthorn.server.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Real files whose syncs, or whose creation, can be made to fail. */
final class FailingFiles implements FileOpener {

    private final AtomicInteger syncs = new AtomicInteger();
    private volatile boolean failSyncs;
    private volatile boolean exhaustMemory;
    private volatile boolean exhaustMemoryInNewFiles;
    private volatile boolean failNewFiles;

    void failSyncs(boolean value) {
        failSyncs = value;
    }

    void failNewFiles(boolean value) {
        failNewFiles = value;
    }

    /** Syncs end as with no memory left. */
    void exhaustMemory(boolean value) {
        exhaustMemory = value;
    }

    /** New files end in this way. */
    void exhaustMemoryInNewFiles(boolean value) {
        exhaustMemoryInNewFiles = value;
    }

    int syncs() {
        return syncs.get();
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        if (file.toString().endsWith(".tmp")) {
            failWithoutMemory(exhaustMemoryInNewFiles);
        }
        if (failNewFiles && file.toString().endsWith(".tmp")) {
            throw new IOException("No space left on device");
        }
        return new Failing(FileChannel.open(file, options));
    }

    private static void failWithoutMemory(boolean exhausted) {
        if (exhausted) {
            throw new OutOfMemoryError("injected: Java heap space");
        }
    }

    private final class Failing extends FileChannel {

        private final FileChannel channel;

        Failing(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            syncs.incrementAndGet();
            failWithoutMemory(exhaustMemory);
            if (failSyncs) {
                throw new IOException("injected: Input/output error");
            }
            channel.force(metaData);
        }

        @Override
        public int write(ByteBuffer bytes, long position) throws IOException {
            return channel.write(bytes, position);
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return channel.read(bytes, position);
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return channel.read(bytes);
        }

        @Override
        public long read(ByteBuffer[] bytes, int offset, int length) throws IOException {
            return channel.read(bytes, offset, length);
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return channel.write(bytes);
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
            return channel.write(bytes, offset, length);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            return channel.position(position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            return channel.truncate(size);
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return channel.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            return channel.transferFrom(source, position, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return channel.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return channel.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return channel.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }
}
