package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ConfirmDecisionRequest;
import io.posthorn.protocol.api.CoordinationRequest;
import io.posthorn.protocol.api.DecisionResponse;
import io.posthorn.protocol.api.DestinationDeleteRequest;
import io.posthorn.protocol.api.DestinationListRequest;
import io.posthorn.protocol.api.DestinationReports;
import io.posthorn.protocol.api.DestinationSettingsRequest;
import io.posthorn.protocol.api.DestinationShowRequest;
import io.posthorn.protocol.api.FenceRequest;
import io.posthorn.protocol.api.FenceResponse;
import io.posthorn.protocol.api.FinalizeResponse;
import io.posthorn.protocol.api.GroupDrainRequest;
import io.posthorn.protocol.api.GroupReportRequest;
import io.posthorn.protocol.api.GroupReportResponse;
import io.posthorn.protocol.api.GroupsResponse;
import io.posthorn.protocol.api.PlaceRequest;
import io.posthorn.protocol.api.PromoteRequest;
import io.posthorn.protocol.api.PromoteResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.provider.BrokerGroup;
import io.posthorn.provider.DestinationStatus;
import io.posthorn.provider.ProviderException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A connection of an operator's command to one broker, or of a broker to another: no routes, nothing is mended or repeated. One thread, which
 * waits for each answer. Every method fails with a {@link ProviderException} whose text is for people.
 */
public final class RemoteOperator implements AutoCloseable {

    private final DirectLink link;

    private RemoteOperator(DirectLink link) {
        this.link = link;
    }

    /**
     * Connects and logs in.
     *
     * @param user null = nobody in particular, which a broker admits on loopback
     */
    public static RemoteOperator connect(InetSocketAddress broker, String user, String password) {
        return connect(broker, user, password, DirectLink.TIMEOUT);
    }

    /** As above, with another limit in time for the connection and for each answer. */
    public static RemoteOperator connect(InetSocketAddress broker, String user, String password, Duration timeout) {
        return new RemoteOperator(DirectLink.open(broker, user, password, "posthorn-operator", timeout));
    }

    /** All destinations, in the order of their creation. */
    public List<DestinationStatus> destinations() {
        List<DestinationStatus> all = new ArrayList<>();
        for (boolean more = true; more; ) {
            DestinationListRequest next = new DestinationListRequest(all.size());
            List<DestinationStatus> some = reports(RequestCode.DESTINATION_LIST, next::encode);
            all.addAll(some);
            more = !some.isEmpty();
        }
        return all;
    }

    public DestinationStatus destination(DestinationName name) {
        return reports(RequestCode.DESTINATION_SHOW, new DestinationShowRequest(name)::encode)
                .get(0);
    }

    public void create(DestinationName name, Map<String, String> settings) {
        link.call(RequestCode.DESTINATION_CREATE, new DestinationSettingsRequest(name, settings)::encode, none -> null);
    }

    /** @param settings an empty value brings the default back */
    public void set(DestinationName name, Map<String, String> settings) {
        link.call(RequestCode.DESTINATION_SET, new DestinationSettingsRequest(name, settings)::encode, none -> null);
    }

    /** @param force whether consumers, subscriptions and messages go too */
    public void delete(DestinationName name, boolean force) {
        link.call(RequestCode.DESTINATION_DELETE, new DestinationDeleteRequest(name, force)::encode, none -> null);
    }

    /** How the broker stands in its group. */
    public ReplicaStatusResponse replicaStatus() {
        return link.call(RequestCode.REPLICA_STATUS, DirectLink.NO_BODY, ReplicaStatusResponse::decode);
    }

    /** Makes a Slave the Master of its group; it begins to serve soon after the answer. */
    public PromoteResponse promote(PromoteRequest request) {
        return link.call(RequestCode.REPLICA_PROMOTE, request::encode, PromoteResponse::decode);
    }

    /** Tells a broker of an epoch of its group; a Master of a lower one has stopped serving when this returns. */
    public FenceResponse fence(FenceRequest request) {
        return link.call(RequestCode.REPLICA_FENCE, request::encode, FenceResponse::decode);
    }

    /** Has a Master write the newest format level that it knows. */
    public FinalizeResponse finalizeFormat() {
        return link.call(RequestCode.FINALIZE, DirectLink.NO_BODY, FinalizeResponse::decode);
    }

    // ---- the cluster ----

    /** The broker groups, by name; only the directory knows them. */
    public List<BrokerGroup> groups() {
        GroupsResponse answer = link.call(RequestCode.GROUPS, DirectLink.NO_BODY, GroupsResponse::decode);
        if (answer.directory().isEmpty()) {
            throw new ProviderException(
                    ProviderException.Kind.ILLEGAL_STATE,
                    "the cluster has no directory: set directoryBrokerName at all Brokers");
        }
        if (answer.rows().isEmpty()) {
            throw new ProviderException(
                    ProviderException.Kind.ILLEGAL_STATE,
                    "this Broker is not of the directory, which is the Broker group " + answer.directory());
        }
        return answer.rows().stream()
                .map(row -> new BrokerGroup(
                        row.group(),
                        row.group().equals(answer.directory()),
                        row.draining(),
                        row.reachable(),
                        row.destinations(),
                        row.messages(),
                        row.bytes()))
                .toList();
    }

    /** Has a broker group emptied, or not any more. */
    public void drain(String group, boolean drain) {
        link.call(RequestCode.GROUP_DRAIN, new GroupDrainRequest(group, drain)::encode, none -> null);
    }

    /** The directory tells the group of this broker that it holds a destination. */
    public void place(PlaceRequest request) {
        link.call(RequestCode.PLACE, request::encode, none -> null);
    }

    /** What this broker holds. @param knownVersion see {@link GroupReportRequest} */
    public GroupReportResponse report(long knownVersion) {
        return link.call(
                RequestCode.GROUP_REPORT, new GroupReportRequest(knownVersion)::encode, GroupReportResponse::decode);
    }

    /** How a transaction ended that this broker has coordinated. */
    public DecisionResponse.Decision decision(BranchId branch) {
        return link.call(RequestCode.ASK_DECISION, new CoordinationRequest(branch)::encode, DecisionResponse::decode)
                .decision();
    }

    /** Tells a coordinator that a group has carried its decision out. */
    public void confirm(BranchId branch, String group) {
        link.call(
                RequestCode.CONFIRM_DECISION, new ConfirmDecisionRequest(branch, List.of(group))::encode, none -> null);
    }

    /** False when the connection has ended. */
    public boolean isOpen() {
        return link.isOpen();
    }

    @Override
    public void close() {
        link.close();
    }

    private List<DestinationStatus> reports(int code, Consumer<ByteBuf> encoder) {
        return link.call(code, encoder, DestinationReports::decode).rows().stream()
                .map(row -> new DestinationStatus(
                        row.name(),
                        row.own(),
                        row.effective(),
                        row.messages(),
                        row.bytes(),
                        row.consumers(),
                        row.subscriptions(),
                        row.dropped()))
                .toList();
    }
}
