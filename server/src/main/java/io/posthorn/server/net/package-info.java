/** The acceptor: hands each frame of a connection to the handler of its code, and nothing before the login. */
package io.posthorn.server.net;
