package io.posthorn.provider.remote;

import io.posthorn.provider.DeliverySpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Deliveries of several consumers, by the broker groups that they came from. One thread. */
final class SpansByGroup {

    private final Map<FailoverProvider, List<DeliverySpan>> spans = new LinkedHashMap<>();

    /** Of the deliveries of {@link ClusterConsumer}s, which are about to be settled. */
    static SpansByGroup of(List<DeliverySpan> deliveries) {
        SpansByGroup split = new SpansByGroup();
        for (DeliverySpan span : deliveries) {
            ((ClusterConsumer) span.consumer()).split(span, split);
        }
        return split;
    }

    void add(FailoverProvider group, DeliverySpan span) {
        spans.computeIfAbsent(group, key -> new ArrayList<>()).add(span);
    }

    Set<FailoverProvider> groups() {
        return spans.keySet();
    }

    /** Perhaps none. */
    List<DeliverySpan> at(FailoverProvider group) {
        return spans.getOrDefault(group, List.of());
    }
}
