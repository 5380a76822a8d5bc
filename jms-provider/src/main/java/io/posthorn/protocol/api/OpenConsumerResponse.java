package io.posthorn.protocol.api;

import java.util.List;

/**
 * Answer to {@link OpenConsumerRequest}.
 *
 * @param refused indexes (from 0) into the restated deliveries that are settled or were given to another consumer meanwhile
 */
public record OpenConsumerResponse(List<Integer> refused) {}
