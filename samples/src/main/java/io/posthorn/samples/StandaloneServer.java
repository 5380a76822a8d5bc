package io.posthorn.samples;

import java.nio.file.Path;
import java.util.List;

/** One process that is NameServer and Broker. It is killed, and started again on the same data. */
final class StandaloneServer implements Servers {
    private final Path work;
    private final int nameServerPort;
    private final ServerProcess process;

    /**
     * @param work an existing directory for data and log
     */
    StandaloneServer(Path jar, Path work) throws ServerFailedException {
        this.work = work;
        List<Integer> ports = FreePorts.find(2);
        this.nameServerPort = ports.get(0);
        this.process = new ServerProcess(
                jar,
                work.resolve("server.log"),
                List.of(
                        "standalone",
                        "--data-dir",
                        work.resolve("data").toString(),
                        "--nameserver-port",
                        ports.get(0).toString(),
                        "--broker-port",
                        ports.get(1).toString()));
    }

    @Override
    public void start(Progress progress) throws ServerFailedException, InterruptedException {
        process.start();
        progress.say("server ready on port " + nameServerPort + ", data in " + work);
    }

    @Override
    public String url() {
        return "posthorn://127.0.0.1:" + nameServerPort;
    }

    @Override
    public void strike(Progress progress) throws ServerFailedException, InterruptedException {
        process.kill();
        progress.say("server killed (SIGKILL) with " + progress.position());
        process.start();
        progress.say("server restarted on the same data");
    }

    @Override
    public void stop() throws ServerFailedException, InterruptedException {
        process.stop();
    }

    @Override
    public void close() {
        process.close();
    }
}
