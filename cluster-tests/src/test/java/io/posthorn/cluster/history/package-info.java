/** What clients of a cluster saw, in order, and the invariants that it has to keep. Knows no processes and no JMS. */
package io.posthorn.cluster.history;
