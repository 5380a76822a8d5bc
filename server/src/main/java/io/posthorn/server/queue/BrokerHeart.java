package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.ReadResult;
import java.util.List;

/** The broker's state machine (signatures first; the behaviour follows in the next commits). */
public final class BrokerHeart {

    private static final UnsupportedOperationException LATER = new UnsupportedOperationException("not yet");

    public BrokerHeart(HeartConfig config, HeartOutput output) {}

    public void replay(JournalEntry entry) {
        throw LATER;
    }

    public Outcome<Void> recovered(long now) {
        throw LATER;
    }

    public Outcome<ClientState> connect(
            long connectionId, long token, String clientIdOrNull, long resumeTokenOrZero, long now) {
        throw LATER;
    }

    public Outcome<Void> claimClientId(ClientState client, String clientId, long now) {
        throw LATER;
    }

    public Outcome<Void> close(ClientState client, long now) {
        throw LATER;
    }

    public Outcome<Void> lost(ClientState client, long now) {
        throw LATER;
    }

    public Outcome<Void> send(
            ClientState client, long producerId, long sequence, long txSequence, EncodedMessage message, long now) {
        throw LATER;
    }

    public Outcome<OpenedConsumer> openConsumer(ClientState client, ConsumerOpening opening, long now) {
        throw LATER;
    }

    public Outcome<Void> closeConsumer(
            ClientState client, int consumerId, long handedOverTo, boolean keepUnsettled, long now) {
        throw LATER;
    }

    public void credit(ClientState client, int consumerId, long limit, int windowMaxBytes) {
        throw LATER;
    }

    /** Returns false when there is no such consumer; then no answer follows. */
    public boolean drain(ClientState client, int consumerId, long limit, Object token) {
        throw LATER;
    }

    public Outcome<Void> handOver(ClientState client, int consumerId, long deliveryIdTo) {
        throw LATER;
    }

    public Outcome<Void> acknowledge(ClientState client, Settling how, List<Span> spans, long now) {
        throw LATER;
    }

    public Outcome<Void> commit(
            ClientState client, long producerId, long txSequence, int staged, List<Span> consumed, long now) {
        throw LATER;
    }

    public Outcome<Void> rollback(ClientState client, long producerId, long txSequence, List<Span> released, long now) {
        throw LATER;
    }

    public Outcome<Boolean> outcome(long producerId, long txSequence) {
        throw LATER;
    }

    public Outcome<Void> closeProducer(ClientState client, long producerId) {
        throw LATER;
    }

    public Outcome<Void> unsubscribe(ClientState client, String name, long now) {
        throw LATER;
    }

    public Outcome<DestinationName> createTemporary(ClientState client, boolean queue, String uniquePart) {
        throw LATER;
    }

    public Outcome<Void> deleteTemporary(ClientState client, DestinationName name) {
        throw LATER;
    }

    public void committed(long position) {
        throw LATER;
    }

    public void checkpointed(long position) {
        throw LATER;
    }

    public void readDone(ReadResult result) {
        throw LATER;
    }

    public Outcome<Void> dispatch(long now) {
        throw LATER;
    }

    public Outcome<Void> tick(long now) {
        throw LATER;
    }

    public long nextTickMs() {
        throw LATER;
    }

    public List<DestinationInfo> destinations() {
        throw LATER;
    }

    public int destinationsVersion() {
        throw LATER;
    }
}
