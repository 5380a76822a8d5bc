/**
 * The Jakarta Messaging API over the provider port: connection factory, connections, sessions, producers, consumers, browsers and
 * contexts. Nothing here knows of brokers, routes or reconnects.
 */
package io.posthorn.jms;
