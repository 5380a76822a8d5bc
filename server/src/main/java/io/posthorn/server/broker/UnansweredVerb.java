package io.posthorn.server.broker;

import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.ClientState;

/** A decoded request of a consumer that is one-way, or whose answer comes later, from what it sets off. */
interface UnansweredVerb {

    /** Returns false when there is no consumer of that number, so that nothing will follow. */
    boolean on(BrokerHeart heart, ClientState client, long nowMs);
}
