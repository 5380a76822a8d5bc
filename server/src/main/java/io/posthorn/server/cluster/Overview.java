package io.posthorn.server.cluster;

import static io.posthorn.server.cluster.ClusterWork.now;

import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.provider.DestinationStatus;
import io.posthorn.provider.ProviderException;
import io.posthorn.server.queue.DestinationReport;
import io.posthorn.server.queue.DestinationVerbs;
import io.posthorn.server.queue.Located;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.store.PlacedPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the directory tells operators of destinations: the reports of all groups put together. What lies on a group that does not answer is left out. The
 * cluster's thread only.
 */
final class Overview {

    private static final Logger LOG = LoggerFactory.getLogger(Overview.class);

    /** What it adds to the settings: where a destination lies. */
    private static final String GROUPS = "brokerGroups";

    private final String self;
    private final OwnHeart heart;
    private final DirectoryRole role;
    private final PeerLinks links;

    /** The list that was begun to be told last: it takes several answers, which have to fit together. */
    private List<DestinationReport> listed = List.of();

    Overview(String self, OwnHeart heart, DirectoryRole role, PeerLinks links) {
        this.self = self;
        this.heart = heart;
        this.role = role;
        this.links = links;
    }

    /** A part of the list. @param skip so many were told before */
    List<DestinationReport> list(int skip) {
        if (skip == 0) {
            listed = all();
        }
        int from = Math.min(skip, listed.size());
        return listed.subList(from, Math.min(listed.size(), from + DestinationVerbs.REPORTS_MAX));
    }

    private List<DestinationReport> all() {
        Map<DestinationName, DestinationReport> merged = new LinkedHashMap<>();
        for (String group : role.groups()) {
            try {
                reports(group).forEach(report -> merged.merge(report.name(), report, Overview::merge));
            } catch (ProviderException unreachable) {
                LOG.warn("destinations are listed without those of a group: {}", unreachable.getMessage());
            }
        }
        return List.copyOf(merged.values());
    }

    private List<DestinationReport> reports(String group) {
        if (!group.equals(self)) {
            return links.ask(
                    group,
                    peer -> peer.destinations().stream().map(Overview::report).toList());
        }
        List<DestinationReport> own = new ArrayList<>();
        for (boolean more = true; more; ) {
            List<DestinationReport> some =
                    now(heart.carryOut((here, now) -> here.destinationVerbs().list(own.size())));
            own.addAll(some);
            more = !some.isEmpty();
        }
        return own;
    }

    /** Refused with INVALID_DESTINATION if it lies nowhere. */
    DestinationReport show(DestinationName name) {
        Located located =
                now(heart.carryOut((own, now) -> Outcome.of(own.directory().locate(name))));
        if (located.parts().isEmpty()) {
            throw new RefusedException(ErrorCode.INVALID_DESTINATION, "there is no " + name);
        }
        DestinationReport merged = null;
        ProviderException last = null;
        for (PlacedPart part : located.parts()) {
            try {
                DestinationReport report = show(part.group(), name);
                merged = merged == null ? report : merge(merged, report);
            } catch (ProviderException failed) {
                LOG.warn("{} is shown without a part: {}", name, failed.getMessage());
                last = failed;
            }
        }
        if (merged == null && last != null) {
            throw last;
        }
        Map<String, String> settings = new LinkedHashMap<>(merged.settings());
        settings.put(GROUPS, located.parts().stream().map(PlacedPart::group).collect(Collectors.joining(",")));
        return with(merged, settings);
    }

    private DestinationReport show(String group, DestinationName name) {
        return group.equals(self)
                ? now(heart.carryOut((own, now) -> own.destinationVerbs().show(name)))
                        .get(0)
                : links.ask(group, peer -> report(peer.destination(name)));
    }

    private static DestinationReport report(DestinationStatus status) {
        return new DestinationReport(
                status.name(),
                status.own(),
                status.effective(),
                status.messages(),
                status.bytes(),
                status.consumers(),
                status.subscriptions(),
                status.dropped());
    }

    /** Consumers and subscriptions are the same at all groups; messages are not. */
    private static DestinationReport merge(DestinationReport a, DestinationReport b) {
        return new DestinationReport(
                a.name(),
                a.attributes(),
                a.settings(),
                a.messages() + b.messages(),
                a.bytes() + b.bytes(),
                Math.max(a.consumers(), b.consumers()),
                Math.max(a.subscriptions(), b.subscriptions()),
                a.dropped() + b.dropped());
    }

    private static DestinationReport with(DestinationReport report, Map<String, String> settings) {
        return new DestinationReport(
                report.name(),
                report.attributes(),
                settings,
                report.messages(),
                report.bytes(),
                report.consumers(),
                report.subscriptions(),
                report.dropped());
    }
}
