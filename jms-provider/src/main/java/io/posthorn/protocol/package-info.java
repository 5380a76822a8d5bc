/** The remoting frame, its two header forms, and the tables of request codes and error codes. */
package io.posthorn.protocol;
