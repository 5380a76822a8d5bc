/**
 * A group of one Master and its Slaves: who has which role and since which epoch, how the journal gets to the Slaves, and up to where it is
 * committed.
 */
package io.posthorn.server.replication;
