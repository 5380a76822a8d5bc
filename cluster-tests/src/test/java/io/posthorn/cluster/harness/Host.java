package io.posthorn.cluster.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Another host, as far as the network goes: a network namespace at the end of a cable (a pair of veth devices) that can be unplugged. Then nothing
 * arrives, and nobody is told. It needs the ip command of Linux and the rights to make namespaces. One thread.
 */
public final class Host implements AutoCloseable {

    private static final long LIMIT_S = 10;

    private final String name;
    private final String ours;
    private final String theirs;

    private Host(int number) {
        this.name = "ph" + number;
        String network = "10.199." + number / 64 + ".";
        this.ours = network + (number % 64 * 4 + 1);
        this.theirs = network + (number % 64 * 4 + 2);
    }

    /** Makes one; the test is skipped, with the reason, where this cannot be done. */
    public static Host create() {
        Host host = new Host(ThreadLocalRandom.current().nextInt(256 * 64));
        List<List<String>> steps = List.of(
                List.of("ip", "netns", "add", host.name),
                List.of(
                        "ip",
                        "link",
                        "add",
                        host.near(),
                        "type",
                        "veth",
                        "peer",
                        "name",
                        host.far(),
                        "netns",
                        host.name),
                List.of("ip", "addr", "add", host.ours + "/30", "dev", host.near()),
                List.of("ip", "link", "set", host.near(), "up"),
                List.of("ip", "-n", host.name, "addr", "add", host.theirs + "/30", "dev", host.far()),
                List.of("ip", "-n", host.name, "link", "set", host.far(), "up"),
                List.of("ip", "-n", host.name, "link", "set", "lo", "up"));
        for (List<String> step : steps) {
            String failure = run(step);
            if (!failure.isEmpty()) {
                host.close();
                assumeTrue(false, () -> "no other host can be made here: " + step + ": " + failure);
            }
        }
        return host;
    }

    /** Where it is found. */
    public String address() {
        return theirs;
    }

    /** What to put in front of a command to run it there. */
    public List<String> enter() {
        return List.of("ip", "netns", "exec", name);
    }

    public void unplug() {
        require(List.of("ip", "-n", name, "link", "set", far(), "down"));
    }

    public void plugIn() {
        require(List.of("ip", "-n", name, "link", "set", far(), "up"));
    }

    private String near() {
        return name + "a";
    }

    private String far() {
        return name + "b";
    }

    private static void require(List<String> command) {
        String failure = run(command);
        if (!failure.isEmpty()) {
            throw new IllegalStateException(command + ": " + failure);
        }
    }

    /** What the command complains about; empty if it succeeds. */
    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "not within " + LIMIT_S + " s";
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? "" : "exit code " + process.exitValue() + " " + output.trim();
        } catch (IOException absent) {
            return absent.getMessage();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Takes the devices along. */
    @Override
    public void close() {
        run(List.of("ip", "netns", "del", name));
    }
}
