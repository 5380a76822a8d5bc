/** A second resource manager for global transactions: an adapter that keeps lines in files, with the standard client interface (CCI). */
package io.posthorn.appserver.ledger;
