package io.posthorn.jms;

import io.posthorn.jms.message.ObjectFilter;
import io.posthorn.jms.message.Spool;
import io.posthorn.time.Clock;

/**
 * What a connection's objects need to know of the factory's options, see OPTIONS.md. Immutable.
 *
 * @param windowSize messages delivered ahead, per consumer; at least 1
 * @param windowBytes bytes delivered ahead, per consumer; at least 1
 * @param sendTimeoutMs how long a send waits for its confirmation; 0 = without limit
 * @param objectFilter what ObjectMessage.getObject may load
 * @param individualAcknowledge whether sessions may be made with {@link PosthornSession#INDIVIDUAL_ACKNOWLEDGE}
 * @param clientIdConfigured whether the factory has set the client id, so that the application may not
 * @param spool where the bodies of large messages lie; not null
 * @param clock not null
 */
record ConnectionSettings(
        int windowSize,
        int windowBytes,
        long sendTimeoutMs,
        ObjectFilter objectFilter,
        boolean individualAcknowledge,
        boolean clientIdConfigured,
        Spool spool,
        Clock clock) {}
