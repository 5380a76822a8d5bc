package io.posthorn.server.cluster;

import static io.posthorn.server.cluster.ClusterWork.now;

import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.api.GroupReportResponse;
import io.posthorn.protocol.api.PlaceRequest;
import io.posthorn.provider.ProviderException;
import io.posthorn.server.cluster.ClusterWork.GroupStatus;
import io.posthorn.server.queue.Located;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.SubscriptionTerms;
import io.posthorn.server.store.PlacedPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory's work: it knows how full the broker groups are, decides where a new destination goes, and tells the groups. The decision is
 * journalled first, then the groups are told, then whoever asked. The cluster's thread only.
 */
final class Placing {

    private static final Logger LOG = LoggerFactory.getLogger(Placing.class);

    /** How the names of destinations for dead letters begin by default. */
    private static final String DEAD_LETTERS = "DLQ.";

    private final String self;
    private final OwnHeart heart;
    private final DirectoryRole role;
    private final PeerLinks links;
    private final Map<String, GroupReport> reports = new TreeMap<>();

    Placing(String self, OwnHeart heart, DirectoryRole role, PeerLinks links) {
        this.self = self;
        this.heart = heart;
        this.role = role;
        this.links = links;
    }

    String self() {
        return self;
    }

    /** Asks all groups how they stand, and carries on with those that are to be emptied. */
    void round() {
        askAll();
        moveOn();
    }

    private void askAll() {
        for (String group : role.groups()) {
            if (group.equals(self)) {
                GroupReport before = reports.getOrDefault(group, GroupReport.unknown(group));
                var summary = now(
                        heart.carryOut((own, now) -> own.destinationVerbs().summary(heart.epoch(), before.version())));
                reports.put(
                        group,
                        new GroupReport(
                                group,
                                true,
                                summary.version(),
                                summary.destinations(),
                                summary.messages(),
                                summary.bytes(),
                                0));
            } else {
                ask(group);
            }
        }
    }

    /** Carries on with groups that are to be emptied. What cannot be told now is told in the next round. */
    private void moveOn() {
        List<String> candidates = candidates();
        List<Located> moving = now(heart.carryOut((own, now) -> own.directory().advance(candidates, now)));
        for (Located located : moving) {
            for (PlacedPart part : located.parts()) {
                try {
                    tell(located, part);
                } catch (ProviderException unreachable) {
                    LOG.debug("{} moves on later: {}", located.name(), unreachable.getMessage());
                }
            }
        }
    }

    private void ask(String group) {
        GroupReport before = reports.getOrDefault(group, GroupReport.unknown(group));
        try {
            GroupReportResponse said = links.ask(group, peer -> peer.report(before.version()));
            if (!said.names().isEmpty()) {
                now(heart.carryOut((own, now) -> own.directory().adopt(group, said.names(), now)));
            }
            if (said.version() != before.version()) {
                now(heart.carryOut((own, now) -> own.directory().left(group, said.names())));
            }
            reports.put(
                    group,
                    new GroupReport(
                            group, true, said.version(), said.destinations(), said.messages(), said.bytes(), 0));
            if (!before.reachable()) {
                LOG.info("broker group {} is there", group);
            }
        } catch (ProviderException failed) {
            if (before.reachable()) {
                LOG.warn("{}", failed.getMessage());
            }
            reports.put(group, before.unreachable());
        }
    }

    /**
     * Places a destination, if it lies nowhere.
     *
     * @param repair whether the groups are told even if it was placed before
     */
    Located place(DestinationName name, Map<String, String> settings, boolean firstUse, boolean repair) {
        if (firstUse && name.name().startsWith(DEAD_LETTERS)) {
            // They came into being where their messages died, perhaps since the last round.
            askAll();
        }
        List<String> candidates = candidates();
        Located located =
                now(heart.carryOut((own, now) -> own.directory().place(name, settings, firstUse, candidates, now)));
        if (located.fresh() || repair) {
            for (PlacedPart part : located.parts()) {
                tell(located, part);
            }
        }
        return located;
    }

    private void tell(Located located, PlacedPart part) {
        String group = part.group();
        boolean open = part.state() != PlacedPart.State.LEAVING;
        if (open) {
            reports.computeIfPresent(group, (key, report) -> report.onePlaced());
        }
        List<SubscriptionTerms> terms = open && !located.name().kind().isQueue()
                ? now(heart.carryOut((own, now) -> Outcome.of(own.directory().subscriptions(located.name()))))
                : List.of();
        if (group.equals(self)) {
            now(heart.carryOut((own, now) ->
                    own.destinationVerbs().place(located.name(), open, located.attributes(), terms, now)));
            if (!open) {
                leave(located);
            }
            return;
        }
        List<io.posthorn.protocol.api.SubscriptionTerms> wire = terms.stream()
                .map(each -> new io.posthorn.protocol.api.SubscriptionTerms(
                        each.clientId(), each.name(), each.topic(), each.selector(), each.noLocal(), each.shared()))
                .toList();
        links.ask(group, peer -> {
            peer.place(new PlaceRequest(located.name(), open, located.attributes(), wire));
            return null;
        });
    }

    /** The own group has perhaps emptied its part. */
    private void leave(Located located) {
        now(heart.carryOut(
                (own, now) -> own.destinationVerbs().show(located.name()).isRefused()
                        ? own.directory().leftOne(self, located.name())
                        : Outcome.<Void>of(null)));
    }

    /** Groups that answer, the emptiest first. */
    private List<String> candidates() {
        if (reports.isEmpty()) {
            askAll();
        }
        List<GroupReport> there = new ArrayList<>();
        for (GroupReport report : reports.values()) {
            if (report.reachable()) {
                there.add(report);
            }
        }
        there.sort(GroupReport.EMPTIEST);
        return there.stream().map(GroupReport::group).toList();
    }

    /** Has a group emptied, or not any more. */
    void drain(String group, boolean drain) {
        if (!role.groups().contains(group)) {
            throw new RefusedException(
                    ErrorCode.ILLEGAL_STATE, "there is no broker group " + group + "; known are " + role.groups());
        }
        now(heart.carryOut((own, now) -> own.directory().drain(group, drain)));
    }

    void set(DestinationName name, Map<String, String> settings) {
        Located located = known(name);
        for (PlacedPart part : located.parts()) {
            if (part.group().equals(self)) {
                now(heart.carryOut((own, now) -> own.destinationVerbs().set(name, settings)));
            } else {
                links.ask(part.group(), peer -> {
                    peer.set(name, settings);
                    return null;
                });
            }
        }
        now(heart.carryOut((own, now) -> own.directory().changed(name, settings)));
    }

    void delete(DestinationName name, boolean force) {
        Located located = known(name);
        for (PlacedPart part : located.parts()) {
            if (part.group().equals(self)) {
                now(heart.carryOut((own, now) -> own.destinationVerbs().delete(name, force)));
            } else {
                links.ask(part.group(), peer -> {
                    peer.delete(name, force);
                    return null;
                });
            }
        }
        now(heart.carryOut((own, now) -> own.directory().unplace(name)));
    }

    private Located known(DestinationName name) {
        Located located =
                now(heart.carryOut((own, now) -> Outcome.of(own.directory().locate(name))));
        if (located.parts().isEmpty()) {
            throw new RefusedException(ErrorCode.INVALID_DESTINATION, "there is no " + name);
        }
        return located;
    }

    List<GroupStatus> groups() {
        if (role.groups().size() == 1) {
            // There are no rounds.
            askAll();
        }
        Map<String, Integer> placed =
                now(heart.carryOut((own, now) -> Outcome.of(own.directory().placed())));
        List<GroupStatus> all = new ArrayList<>();
        for (String group : role.groups()) {
            GroupReport report = reports.getOrDefault(group, GroupReport.unknown(group));
            // A report is some moments old: a group that looks empty may be taken away.
            int destinations = Math.max(report.destinationsNow(), placed.getOrDefault(group, 0));
            all.add(new GroupStatus(group, report.reachable(), destinations, report.messages(), report.bytes()));
        }
        return all;
    }
}
