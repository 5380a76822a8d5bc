package io.posthorn.provider.remote;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.provider.LargeBodies;
import io.posthorn.provider.ProducerHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Large bodies over several broker groups: an upload goes to the group that its message will be sent to. The places that this side hands out say
 * which group they are of, in bits of the lane that brokers do not use; 0 is the group that the connection met first.
 */
final class ClusterLargeBodies implements LargeBodies {

    private static final int TAG_SHIFT = 56;
    private static final long LANE_MASK = (1L << TAG_SHIFT) - 1;

    /** Numbers of uploads that are translated; those of the only group stay below. */
    private static final long TRANSLATED_FIRST = 1L << 40;

    private final ClusterProvider cluster;
    private final ConcurrentMap<Long, Upload> uploads = new ConcurrentHashMap<>();
    private final AtomicLong lastUpload = new AtomicLong(TRANSLATED_FIRST);

    private record Upload(FailoverProvider group, long id) {}

    ClusterLargeBodies(ClusterProvider cluster) {
        this.cluster = cluster;
    }

    static long tag(long lane, int group) {
        return lane & LANE_MASK | (long) group << TAG_SHIFT;
    }

    static int tagOf(long lane) {
        return (int) (lane >>> TAG_SHIFT);
    }

    static EncodedMessage untagged(EncodedMessage message) {
        LargeBody body = message.largeBody();
        return message.withLargeBody(new LargeBody(body.length(), body.lane() & LANE_MASK, body.ranges()));
    }

    @Override
    public long beginUpload(ProducerHandle producer, EncodedMessage message, long bodyLength) {
        FailoverProvider group = cluster.target((ClusterProducer) producer, message);
        long id = group.largeBodies().beginUpload(producer, message, bodyLength);
        if (group == cluster.sole()) {
            return id;
        }
        long translated = lastUpload.incrementAndGet();
        uploads.put(translated, new Upload(group, id));
        return translated;
    }

    @Override
    public CompletableFuture<ChunkPlace> put(long uploadId, long bodyLength, int index, byte[] bytes) {
        Upload upload = upload(uploadId);
        CompletableFuture<ChunkPlace> placed = upload.group.largeBodies().put(upload.id, bodyLength, index, bytes);
        return uploadId <= TRANSLATED_FIRST
                ? placed
                : placed.thenApply(
                        place -> new ChunkPlace(tag(place.lane(), cluster.tag(upload.group)), place.offset()));
    }

    @Override
    public void endUpload(long uploadId) {
        Upload upload = upload(uploadId);
        uploads.remove(uploadId);
        upload.group.largeBodies().endUpload(upload.id);
    }

    private Upload upload(long uploadId) {
        return uploadId <= TRANSLATED_FIRST ? new Upload(cluster.first(), uploadId) : uploads.get(uploadId);
    }

    @Override
    public CompletableFuture<byte[]> fetch(ChunkPlace place) {
        FailoverProvider group = cluster.tagged(tagOf(place.lane()));
        return group.largeBodies().fetch(new ChunkPlace(place.lane() & LANE_MASK, place.offset()));
    }
}
