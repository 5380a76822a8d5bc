package io.posthorn.server.queue;

/**
 * What a destination has, against its limits: messages and bytes in memory and in open transactions, beside those that its lanes count. A
 * topic's messages count once, and only when a durable subscription gets them; what is delayed counts from when it is due.
 */
final class Usage {

    private long messages;
    private long bytes;

    void add(int size) {
        messages++;
        bytes += size;
    }

    void remove(int size) {
        messages--;
        bytes -= size;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }
}
