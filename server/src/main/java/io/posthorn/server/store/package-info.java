/**
 * The storage port: journal records, and the verbs the broker's heart needs (recover, append, flush, read), without saying
 * how they are kept.
 */
package io.posthorn.server.store;
