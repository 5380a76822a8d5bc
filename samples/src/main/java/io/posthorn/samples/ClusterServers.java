package io.posthorn.samples;

import java.nio.file.Path;
import java.util.List;

/**
 * Four processes: two NameServers, and a Master whose Slave has everything that is acknowledged. The Master is killed, the Slave promoted
 * with the command that an operator would use, and the old Master is started again: it follows the new one.
 */
final class ClusterServers implements Servers {
    private static final int TRIES_MAX = 60;

    private final Path jar;
    private final Path work;
    private final List<Integer> ports;
    private final String nameServers;
    private final ServerProcess firstNameServer;
    private final ServerProcess secondNameServer;
    private final ServerProcess master;
    private final ServerProcess slave;

    /**
     * @param work an existing directory for data and logs
     */
    ClusterServers(Path jar, Path work) throws ServerFailedException {
        this.jar = jar;
        this.work = work;
        this.ports = FreePorts.find(4);
        this.nameServers = "127.0.0.1:" + ports.get(0) + ";127.0.0.1:" + ports.get(1);
        this.firstNameServer = process("nameserver-1", "nameserver", "--nameserver-port", port(0));
        this.secondNameServer = process("nameserver-2", "nameserver", "--nameserver-port", port(1));
        this.master = broker("broker-0", port(2), "SYNC_MASTER", "0");
        this.slave = broker("broker-1", port(3), "SLAVE", "1");
    }

    private String port(int number) {
        return ports.get(number).toString();
    }

    private ServerProcess broker(String name, String port, String role, String id) {
        return process(
                name,
                "broker",
                "--namesrv-addr",
                nameServers,
                "--data-dir",
                work.resolve(name).toString(),
                "--broker-port",
                port,
                "--broker-role",
                role,
                "--broker-id",
                id);
    }

    private ServerProcess process(String name, String... arguments) {
        return new ServerProcess(jar, work.resolve(name + ".log"), List.of(arguments));
    }

    @Override
    public void start(Progress progress) throws ServerFailedException, InterruptedException {
        for (ServerProcess each : List.of(firstNameServer, secondNameServer, master, slave)) {
            each.start();
        }
        awaitTwoCopies();
        progress.say("2 NameServers, a Master and its Slave are ready, data in " + work);
    }

    /** Until then a Master that waits for its Slave refuses what is sent. */
    private void awaitTwoCopies() throws ServerFailedException, InterruptedException {
        String status = "";
        for (int i = 0; i < TRIES_MAX; i++) {
            status = ServerProcess.run(jar, List.of("replication", "status", "--namesrv-addr", nameServers));
            if (status.contains(" inSync=2")) {
                return;
            }
        }
        throw new ServerFailedException("The Slave is not in sync with its Master:\n    " + status);
    }

    @Override
    public String url() {
        return "posthorn://127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1);
    }

    @Override
    public void strike(Progress progress) throws ServerFailedException, InterruptedException {
        master.kill();
        progress.say("Master killed (SIGKILL) with " + progress.position());
        // One copy is enough from now on: sending goes on before the second one is back.
        progress.say(ServerProcess.run(
                jar, List.of("promote", "--min-in-sync-replicas", "1", "--namesrv-addr", nameServers)));
        master.start();
        progress.say("the old Master is back, and follows");
    }

    @Override
    public void stop() throws ServerFailedException, InterruptedException {
        for (ServerProcess each : List.of(master, slave, firstNameServer, secondNameServer)) {
            each.stop();
        }
    }

    @Override
    public void close() {
        for (ServerProcess each : List.of(master, slave, firstNameServer, secondNameServer)) {
            each.close();
        }
    }
}
