package io.posthorn.protocol.api;

/**
 * First step of the login (code CONNECT). The broker answers with {@link ConnectResponse}: either a challenge, which the
 * client answers with {@link AuthenticateRequest}, or the end of the exchange.
 *
 * @param versionMin lowest protocol version the client speaks
 * @param versionMax highest protocol version the client speaks
 * @param clientName product and version of the client, for logs; not null
 * @param mechanism  SASL name of the authentication mechanism, for example ANONYMOUS; not null
 * @param initialResponse the mechanism's first message; not null, may be empty
 * @param clientId   JMS client identifier to claim, or null
 * @param resumeToken token of an earlier connection to take over from, or 0
 */
public record ConnectRequest(
        int versionMin,
        int versionMax,
        String clientName,
        String mechanism,
        byte[] initialResponse,
        String clientId,
        long resumeToken) {}
