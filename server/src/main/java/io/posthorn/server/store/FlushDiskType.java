package io.posthorn.server.store;

/** When a persistent record counts as safe on this broker's disk; the names are RocketMQ's. */
public enum FlushDiskType {
    /** After fdatasync. Survives power loss. The default. */
    SYNC_FLUSH,

    /**
     * After the write to the page cache: survives the death of the process, but power loss takes what was written within the last
     * {@link StoreConfig.Flush#asyncWindow()}.
     */
    ASYNC_FLUSH
}
