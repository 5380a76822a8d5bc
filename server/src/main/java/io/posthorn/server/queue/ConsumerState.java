package io.posthorn.server.queue;

/** One open consumer. Belongs to the heart's thread. */
public final class ConsumerState {

    private final ClientState client;
    private final int consumerId;
    private Object attachment;

    ConsumerState(ClientState client, int consumerId) {
        this.client = client;
        this.consumerId = consumerId;
    }

    public ClientState client() {
        return client;
    }

    public long connectionId() {
        return client.connectionId();
    }

    public int consumerId() {
        return consumerId;
    }

    /** The broker's own object, or null. */
    public Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }
}
