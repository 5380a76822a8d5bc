/** The real server under load, killed at random moments, and for a long time: what was promised is kept, and nothing grows without bound. */
package io.posthorn.tck.crash;
