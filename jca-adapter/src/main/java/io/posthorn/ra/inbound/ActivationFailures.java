package io.posthorn.ra.inbound;

import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.SecurityException;

/** Which failures mean that an activation cannot work as it is configured, and which may pass. */
final class ActivationFailures {

    private ActivationFailures() {}

    /**
     * Whether somebody has to change something. All else is tried again: servers come back, and client ids and subscriptions that an earlier
     * incarnation holds are let go.
     */
    static boolean isLasting(Exception failure) {
        return failure instanceof JMSSecurityException
                || failure instanceof InvalidSelectorException
                || failure instanceof InvalidDestinationException;
    }

    /** For the deployer. */
    static ResourceException refusal(ActivationSettings settings, JMSException cause) {
        String text = "the endpoint cannot get messages of " + settings.subscription() + " from "
                + settings.connection() + ": " + cause.getMessage();
        return cause instanceof JMSSecurityException
                ? new SecurityException(text, cause)
                : new ResourceException(text, cause);
    }
}
