package io.posthorn.protocol.api;

/**
 * The client is about to give the application all deliveries up to this one (code HAND_OVER, one-way). The delivery count
 * of each rises now, so that a message that kills its reader cannot come back as new.
 */
public record HandOverRequest(int consumerId, long deliveryIdTo) {}
