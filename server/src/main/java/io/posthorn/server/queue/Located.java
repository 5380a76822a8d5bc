package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.PlacedPart;
import java.util.List;
import java.util.Map;

/**
 * Where a destination lies, as the directory knows it.
 *
 * @param parts empty when it lies nowhere
 * @param attributes settings for the groups that hold it
 * @param fresh whether it was placed just now, and the other groups have to be told
 */
public record Located(DestinationName name, List<PlacedPart> parts, Map<String, String> attributes, boolean fresh) {}
