/** The four destination classes of the provider: identities made of a kind and a name, without any connection. */
package io.posthorn.jms.destination;
