package io.posthorn.provider.remote;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ConfirmDecisionRequest;
import io.posthorn.protocol.api.CoordinationRequest;
import io.posthorn.protocol.api.EnlistRequest;
import io.posthorn.protocol.api.EnlistResponse;
import io.posthorn.protocol.api.GroupsResponse;
import io.posthorn.protocol.api.HoldSubscriptionRequest;
import io.posthorn.protocol.api.LocateRequest;
import io.posthorn.protocol.api.LocateResponse;
import io.posthorn.protocol.api.SubscriptionKeyRequest;
import io.posthorn.protocol.api.SubscriptionResponse;
import io.posthorn.protocol.api.SubscriptionTerms;
import java.util.List;

/** The single verbs about the cluster, as {@link Verbs} has the others: most are for the directory. All may be repeated. Stateless. */
final class ClusterVerbs {

    private ClusterVerbs() {}

    static PendingVerb.Verb<LocateResponse> locate(LocateRequest.Mode mode, List<DestinationName> names) {
        return new Verbs.Plain<>(
                RequestCode.LOCATE,
                "locating " + names,
                new LocateRequest(mode, names)::encode,
                LocateResponse::decode,
                null);
    }

    static PendingVerb.Verb<GroupsResponse> groups() {
        return new Verbs.Plain<>(
                RequestCode.GROUPS, "asking for the broker groups", none -> {}, GroupsResponse::decode, null);
    }

    static PendingVerb.Verb<SubscriptionResponse> grant(SubscriptionTerms terms) {
        return new Verbs.Plain<>(
                RequestCode.GRANT_SUBSCRIPTION,
                "registering the subscription " + terms.name(),
                terms::encode,
                SubscriptionResponse::decode,
                null);
    }

    static PendingVerb.Verb<Void> hold(int consumer, boolean held, SubscriptionTerms terms) {
        return new Verbs.Plain<>(
                RequestCode.HOLD_SUBSCRIPTION,
                (held ? "holding" : "giving back") + " the name of the subscription " + terms.name(),
                new HoldSubscriptionRequest(consumer, held, terms)::encode,
                none -> null,
                null);
    }

    static PendingVerb.Verb<SubscriptionResponse> find(String clientId, String name) {
        return new Verbs.Plain<>(
                RequestCode.FIND_SUBSCRIPTION,
                "looking for the subscription " + name,
                new SubscriptionKeyRequest(clientId, name)::encode,
                SubscriptionResponse::decode,
                null);
    }

    static PendingVerb.Verb<Void> release(String clientId, String name) {
        return new Verbs.Plain<>(
                RequestCode.RELEASE_SUBSCRIPTION,
                "giving the name of the subscription " + name + " back",
                new SubscriptionKeyRequest(clientId, name)::encode,
                none -> null,
                null);
    }

    static PendingVerb.Verb<Void> announce(BranchId branch) {
        return new Verbs.Plain<>(
                RequestCode.COORDINATE,
                "announcing a transaction",
                new CoordinationRequest(branch)::encode,
                none -> null,
                null);
    }

    /** @param groups where something was done in a branch; none to ask only */
    static PendingVerb.Verb<EnlistResponse> enlist(BranchId branch, List<String> groups) {
        return new Verbs.Plain<>(
                RequestCode.XA_ENLIST,
                "enlisting broker groups",
                new EnlistRequest(branch, groups)::encode,
                EnlistResponse::decode,
                null);
    }

    /** @param participants those that have committed; none when the transaction is given up */
    static PendingVerb.Verb<Void> confirm(BranchId branch, List<String> participants) {
        return new Verbs.Plain<>(
                RequestCode.CONFIRM_DECISION,
                "confirming a decision",
                new ConfirmDecisionRequest(branch, participants)::encode,
                none -> null,
                null);
    }
}
