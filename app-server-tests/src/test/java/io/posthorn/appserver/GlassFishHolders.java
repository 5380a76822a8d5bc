package io.posthorn.appserver;

import io.posthorn.appserver.heap.KnownHolder;
import java.util.List;

/**
 * By what GlassFish, Embedded or not, and Payara hold class loaders of what was undeployed, adapters and applications alike. Each was seen in heap
 * dumps after redeployments; the ledger's class loaders are held by the same ones.
 */
final class GlassFishHolders {

    static final List<KnownHolder> ALL = List.of(
            // Threads that a deployment happened to start: __ejb-thread-pool, connector-timer-proxy, SelectorThread,
            // KeepAlive, thread-pool-1.
            KnownHolder.threads("java.lang.Thread.contextClassLoader"),
            KnownHolder.threads("java.lang.Thread.inheritedAccessControlContext"),
            // Threads that a deployment started inherit what was being called then.
            KnownHolder.field("org.glassfish.api.invocation.ComponentInvocation.container"),
            // HK2's caches of what it knows of classes.
            KnownHolder.field("org.jvnet.hk2.internal.ServiceLocatorImpl.classReflectionHelper"),
            // Listeners of deployments: ApplicationInfo, DeployCommand.
            KnownHolder.field("org.glassfish.kernel.event.EventsImpl.listeners"),
            // What the transaction manager has recovered with, the last time.
            KnownHolder.field("static com.sun.jts.CosTransactions.RecoveryManager.uniqueRMSet"),
            // The monitoring's last look at the stacks of all threads.
            KnownHolder.field("org.glassfish.admin.monitor.jvm.JVMThreadInfoStatsProvider.threadInfo"),
            // Exousia's table of policy contexts.
            KnownHolder.field("static org.glassfish.exousia.DefaultPolicyContextHandler.handlers"));

    private GlassFishHolders() {}
}
