/**
 * The asynchronous port between the JMS classes and the wire: a handful of verbs, their values and their exceptions. The JMS
 * side knows nothing of brokers, routes or reconnects; an implementation knows nothing of JMS.
 */
package io.posthorn.provider;
