/**
 * A connection that carries frames, from either side: correlation of answers, in-flight bound, time-outs, coalesced writes,
 * idle close and reconnect delays.
 */
package io.posthorn.net;
