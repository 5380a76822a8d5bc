/** A broker's side of registration: it tells every NameServer of a list which topics it serves, and keeps telling. */
package io.posthorn.server.broker.registration;
