package io.posthorn.provider.remote;

import io.posthorn.provider.BranchWork;

/**
 * What a session does in a branch over several broker groups. The branch begins at the directory; at other groups it begins when the work ends, if
 * something was done there.
 */
record ClusterBranchWork(ClusterProducer producer, FailoverProvider home, BranchWork atHome) implements BranchWork {}
