/** Reads heap dumps of application servers: who holds what should have been gone. */
package io.posthorn.appserver.heap;
