package io.posthorn.protocol.api;

/**
 * Answer to a login step.
 *
 * @param done      true when the client is logged in; false when {@code challenge} has to be answered first
 * @param challenge the mechanism's challenge, or its final message; not null, may be empty
 * @param version   protocol version chosen by the broker (0 unless done)
 * @param brokerName  name of the broker group; empty unless done
 * @param clusterName name of the cluster; empty unless done
 * @param epoch     epoch of the answering Master
 * @param connectionId the broker's number for this connection
 * @param resumeToken  random token that lets a later connection take over (0 unless done)
 * @param resumed   whether the broker still had the state of the connection that the client asked to resume
 * @param messageMaxBytes largest message the broker takes
 * @param inFlightMax how many requests may be unanswered at a time
 */
public record ConnectResponse(
        boolean done,
        byte[] challenge,
        int version,
        String brokerName,
        String clusterName,
        long epoch,
        long connectionId,
        long resumeToken,
        boolean resumed,
        int messageMaxBytes,
        int inFlightMax) {}
