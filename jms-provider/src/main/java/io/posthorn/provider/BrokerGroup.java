package io.posthorn.provider;

/**
 * A broker group, as the directory of its cluster sees it. For operators.
 *
 * @param name brokerName; not null
 * @param directory whether it is the directory
 * @param draining whether it is being emptied
 * @param reachable whether its Master has answered the directory's last question
 * @param destinations how many it holds, but temporary ones
 * @param messages that are kept there
 * @param bytes of these
 */
public record BrokerGroup(
        String name,
        boolean directory,
        boolean draining,
        boolean reachable,
        int destinations,
        long messages,
        long bytes) {}
