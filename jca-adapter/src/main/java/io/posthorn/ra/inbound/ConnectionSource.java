package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ClientUrl;

/** A connection factory that an activation's connectionFactoryLookup may name: it tells where it leads. */
public interface ConnectionSource {

    /** What its connections are made with, when nobody gives other credentials; not null. Any thread. */
    ClientUrl clientUrl();
}
