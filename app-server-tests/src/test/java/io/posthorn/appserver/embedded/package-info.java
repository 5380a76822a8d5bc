/** The process around GlassFish Embedded. On its class path there is nothing else, least of all a client of ours. */
package io.posthorn.appserver.embedded;
