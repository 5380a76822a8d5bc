package io.posthorn.rocketmq;

import io.posthorn.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the programs of {@code programs}, each in a JVM that has Apache RocketMQ and nothing of ours on its class path. */
final class Genuine {

    private Genuine() {}

    /**
     * @param home where the program writes its logs and what else it likes
     * @param program name of a file in {@code programs}, without {@code .java}
     */
    static ChildJvm start(Path home, String program, String... arguments) throws IOException {
        Files.createDirectories(home);
        String rocketMq = Files.readString(Path.of(System.getProperty("rocketmq.classpath.file")));
        List<String> command =
                new ArrayList<>(List.of("-Xmx256m", "-Duser.home=" + home, "-Drocketmq.home.dir=" + home));
        command.addAll(List.of("-cp", resource("quiet") + File.pathSeparator + rocketMq));
        command.add(resource("programs/" + program + ".java").toString());
        command.addAll(List.of(arguments));
        return ChildJvm.start(command);
    }

    private static Path resource(String name) {
        return Path.of("src", "test", "resources").resolve(name).toAbsolutePath();
    }
}
