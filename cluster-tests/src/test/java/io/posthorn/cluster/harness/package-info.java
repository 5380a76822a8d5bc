/** Clusters of real processes, and what a test can do to them. */
package io.posthorn.cluster.harness;
