/**
 * The broker: one handler per request family, the sequencer that owns the heart, and the life cycle that ties heart, store,
 * port and registration together.
 */
package io.posthorn.server.broker;
