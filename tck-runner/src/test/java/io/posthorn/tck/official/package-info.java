/** Runs the official Jakarta Messaging suite against the real server when its artifact is in the local Maven repository. */
package io.posthorn.tck.official;
