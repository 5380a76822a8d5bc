package io.posthorn.protocol.api;

/**
 * A further step of the login (code AUTHENTICATE): the mechanism's answer to the last challenge.
 *
 * @param response not null
 */
public record AuthenticateRequest(byte[] response) {}
