/** The server's {@code main} and its wiring by constructors; imported by nobody. */
package io.posthorn.server;
