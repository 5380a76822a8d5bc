/**
 * The heart of the broker: destinations, lanes, subscriptions, credit, acknowledgements, redelivery, delay, transactions and
 * dedup as one deterministic state machine without threads, clocks, disks or sockets.
 */
package io.posthorn.server.queue;
