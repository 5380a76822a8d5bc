/**
 * What a broker does about the other broker groups of its cluster: it places destinations there, if it is the directory, and asks coordinators how
 * transactions ended. One thread, which waits for answers so that nobody else has to.
 */
package io.posthorn.server.cluster;
