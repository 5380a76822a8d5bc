package io.posthorn.provider.remote;

import io.posthorn.provider.BranchWork;

/** One transaction of a producer, as part of a branch. */
record RemoteBranchWork(RemoteProducer producer, Transaction transaction) implements BranchWork {}
