package io.posthorn.server.broker;

import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.queue.Outcome;

/** One request, decoded, ready to be carried out by the sequencer. */
interface Verb<R> {

    Outcome<R> on(BrokerHeart heart, ClientState client, long nowMs);
}
