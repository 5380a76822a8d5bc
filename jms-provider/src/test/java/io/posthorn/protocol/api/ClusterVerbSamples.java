package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.RequestCode;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The samples of the verbs about the cluster; see {@link VerbSamples}. */
final class ClusterVerbSamples {

    private static final BranchId BRANCH = BranchId.ofGroups(new byte[] {1, 2, 3}, "broker-a");
    private static final BranchId XA_BRANCH = new BranchId(7, new byte[] {4, 5}, new byte[] {6});
    private static final DestinationName QUEUE = DestinationName.queue("orders");
    private static final DestinationName TOPIC = DestinationName.topic("news");
    private static final SubscriptionTerms TERMS =
            new SubscriptionTerms("client-1", "sub", TOPIC, "size > 3", true, false);
    private static final CommitRequest COMMIT = new CommitRequest(9, 5, 1000, List.of(new DeliveryRange(3, 1, 10)));

    private ClusterVerbSamples() {}

    static List<VerbSamples.Sample<?>> all() {
        return List.of(
                request(
                        "locate-request",
                        RequestCode.LOCATE,
                        new LocateRequest(LocateRequest.Mode.REPAIR, List.of(QUEUE, TOPIC)),
                        LocateRequest::encode,
                        LocateRequest::decode),
                answer(
                        "locate-response",
                        new LocateResponse(
                                300,
                                List.of(
                                        new LocateResponse.Location(List.of()),
                                        new LocateResponse.Location(List.of(
                                                new LocateResponse.Part("broker-a", LocateResponse.State.ACTIVE),
                                                new LocateResponse.Part("broker-b", LocateResponse.State.LEAVING))))),
                        LocateResponse::encode,
                        LocateResponse::decode),
                answer(
                        "groups-response",
                        new GroupsResponse(
                                "broker-a", List.of(new GroupsResponse.Row("broker-b", true, false, 7, 300, 70_000))),
                        GroupsResponse::encode,
                        GroupsResponse::decode),
                request(
                        "group-drain-request",
                        RequestCode.GROUP_DRAIN,
                        new GroupDrainRequest("broker-b", true),
                        GroupDrainRequest::encode,
                        GroupDrainRequest::decode),
                request(
                        "grant-subscription-request",
                        RequestCode.GRANT_SUBSCRIPTION,
                        TERMS,
                        SubscriptionTerms::encode,
                        SubscriptionTerms::decode),
                request(
                        "find-subscription-request",
                        RequestCode.FIND_SUBSCRIPTION,
                        new SubscriptionKeyRequest(null, "sub"),
                        SubscriptionKeyRequest::encode,
                        SubscriptionKeyRequest::decode),
                request(
                        "release-subscription-request",
                        RequestCode.RELEASE_SUBSCRIPTION,
                        new SubscriptionKeyRequest("client-1", "sub"),
                        SubscriptionKeyRequest::encode,
                        SubscriptionKeyRequest::decode),
                answer(
                        "subscription-response",
                        new SubscriptionResponse(false, List.of(TOPIC)),
                        SubscriptionResponse::encode,
                        SubscriptionResponse::decode),
                request(
                        "hold-subscription-request",
                        RequestCode.HOLD_SUBSCRIPTION,
                        new HoldSubscriptionRequest(3, true, TERMS),
                        HoldSubscriptionRequest::encode,
                        HoldSubscriptionRequest::decode),
                request(
                        "enlist-request",
                        RequestCode.XA_ENLIST,
                        new EnlistRequest(XA_BRANCH, List.of("broker-b", "broker-c")),
                        EnlistRequest::encode,
                        EnlistRequest::decode),
                answer(
                        "enlist-response",
                        new EnlistResponse(true, List.of("broker-b", "broker-c")),
                        EnlistResponse::encode,
                        EnlistResponse::decode),
                request(
                        "xa-group-prepare-request",
                        RequestCode.XA_GROUP_PREPARE,
                        new BranchGroupPrepareRequest(new BranchRequest(XA_BRANCH, true), BRANCH),
                        BranchGroupPrepareRequest::encode,
                        BranchGroupPrepareRequest::decode),
                request(
                        "xa-group-commit-request",
                        RequestCode.XA_GROUP_COMMIT,
                        new BranchGroupCommitRequest(
                                BRANCH, List.of("broker-b"), new BranchCommitRequest(XA_BRANCH, false, true, 9, 5)),
                        BranchGroupCommitRequest::encode,
                        BranchGroupCommitRequest::decode),
                request(
                        "coordinate-request",
                        RequestCode.COORDINATE,
                        new CoordinationRequest(BRANCH),
                        CoordinationRequest::encode,
                        CoordinationRequest::decode),
                request(
                        "group-prepare-request",
                        RequestCode.GROUP_PREPARE,
                        new GroupPrepareRequest(BRANCH, true, 9, 5, 1000, List.of(new DeliveryRange(3, 1, 10))),
                        GroupPrepareRequest::encode,
                        GroupPrepareRequest::decode),
                request(
                        "group-commit-request",
                        RequestCode.GROUP_COMMIT,
                        new GroupCommitRequest(BRANCH, List.of("broker-b", "broker-c"), COMMIT),
                        GroupCommitRequest::encode,
                        GroupCommitRequest::decode),
                request(
                        "confirm-decision-request",
                        RequestCode.CONFIRM_DECISION,
                        new ConfirmDecisionRequest(BRANCH, List.of("broker-b")),
                        ConfirmDecisionRequest::encode,
                        ConfirmDecisionRequest::decode),
                request(
                        "place-request",
                        RequestCode.PLACE,
                        new PlaceRequest(TOPIC, true, Map.of("maxBytes", "1048576"), List.of(TERMS)),
                        PlaceRequest::encode,
                        PlaceRequest::decode),
                request(
                        "group-report-request",
                        RequestCode.GROUP_REPORT,
                        new GroupReportRequest(300),
                        GroupReportRequest::encode,
                        GroupReportRequest::decode),
                answer(
                        "group-report-response",
                        new GroupReportResponse(301, 2, 300, 70_000, List.of(QUEUE, TOPIC)),
                        GroupReportResponse::encode,
                        GroupReportResponse::decode),
                request(
                        "ask-decision-request",
                        RequestCode.ASK_DECISION,
                        new CoordinationRequest(BRANCH),
                        CoordinationRequest::encode,
                        CoordinationRequest::decode),
                answer(
                        "decision-response",
                        new DecisionResponse(DecisionResponse.Decision.COMMITTED),
                        DecisionResponse::encode,
                        DecisionResponse::decode));
    }

    private static <T> VerbSamples.Sample<?> request(
            String fixture, int code, T expected, BiConsumer<T, ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        return new VerbSamples.Sample<>(fixture, code, 0, expected, encoder, decoder);
    }

    private static <T> VerbSamples.Sample<?> answer(
            String fixture, T expected, BiConsumer<T, ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        return new VerbSamples.Sample<>(fixture, 0, 1, expected, encoder, decoder);
    }
}
