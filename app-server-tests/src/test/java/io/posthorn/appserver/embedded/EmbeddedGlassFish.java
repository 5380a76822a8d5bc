package io.posthorn.appserver.embedded;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.glassfish.embeddable.CommandResult;
import org.glassfish.embeddable.GlassFish;
import org.glassfish.embeddable.GlassFishException;
import org.glassfish.embeddable.GlassFishProperties;
import org.glassfish.embeddable.GlassFishRuntime;

/**
 * Runs GlassFish Embedded in this process: {@code EmbeddedGlassFish HTTP-PORT DIRECTORY CORBA-PORT-OFFSET}. What it is configured with and its transaction log stay in the
 * directory, so that it is the same server when it is started there again. Takes commands as {@code asadmin} does, one per line of the standard
 * input, and answers each with a line that begins with {@code DONE} or {@code FAILED} behind a mark. Ends at the end of the input.
 */
public final class EmbeddedGlassFish {

    /** What the answers' lines begin with. */
    public static final String MARK = "embedded-glassfish: ";

    /** The ports of GlassFish's listeners for CORBA, to each of which the offset is added. */
    public static final int IIOP = 3700;

    public static final int IIOP_SSL = 3820;
    public static final int IIOP_MUTUAL = 3920;

    private static final String CONFIG = "embedded-glassfish-config.configs.config.server-config.";

    private final GlassFish server;

    private EmbeddedGlassFish(GlassFish server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        GlassFishProperties properties = new GlassFishProperties();
        properties.setPort("http-listener", Integer.parseInt(arguments[0]));
        properties.setProperty(
                CONFIG + "network-config.network-listeners.network-listener.http-listener.address", "127.0.0.1");
        keep(properties, Path.of(arguments[1]));
        properties.setProperty(CONFIG + "transaction-service.automatic-recovery", "true");
        int offset = Integer.parseInt(arguments[2]);
        listenForCorba(properties, "orb-listener-1", IIOP + offset);
        listenForCorba(properties, "SSL", IIOP_SSL + offset);
        listenForCorba(properties, "SSL_MUTUALAUTH", IIOP_MUTUAL + offset);
        GlassFish server = GlassFishRuntime.bootstrap().newGlassFish(properties);
        server.start();
        answer("DONE started");
        new EmbeddedGlassFish(server).carryOutAll();
        server.stop();
        Runtime.getRuntime().exit(0);
    }

    /** By itself it begins anew at each start, in a temporary directory that it deletes. */
    private static void keep(GlassFishProperties properties, Path parent) throws IOException {
        properties.setConfigFileReadOnly(false);
        properties.setProperty("org.glassfish.embeddable.autoDelete", "false");
        properties.setProperty("glassfish.embedded.tmpdir", parent.toString());
        try (Stream<Path> roots = Files.list(parent)) {
            roots.findFirst().ifPresent(root -> properties.setInstanceRoot(root.toString()));
        }
    }

    private static void listenForCorba(GlassFishProperties properties, String listener, int port) {
        String prefix = CONFIG + "iiop-service.iiop-listener." + listener + ".";
        properties.setProperty(prefix + "address", "127.0.0.1");
        properties.setProperty(prefix + "port", Integer.toString(port));
    }

    private void carryOutAll() throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                answer(carryOut(line.split(" +")));
            } catch (GlassFishException failed) {
                failed.printStackTrace();
                answer("FAILED " + failed);
            }
        }
    }

    private String carryOut(String[] words) throws GlassFishException {
        String last = words[words.length - 1];
        String[] options = Arrays.copyOfRange(words, 1, words.length - 1);
        if (words[0].equals("deploy")) {
            // Null instead of an exception when it fails; the log says why.
            return server.getDeployer().deploy(new File(last).getAbsoluteFile(), options) == null
                    ? "FAILED to deploy " + last
                    : "DONE";
        }
        if (words[0].equals("undeploy")) {
            server.getDeployer().undeploy(last, options);
            return "DONE";
        }
        CommandResult result = server.getCommandRunner().run(words[0], Arrays.copyOfRange(words, 1, words.length));
        if (result.getExitStatus() != CommandResult.ExitStatus.FAILURE) {
            return "DONE";
        }
        return "FAILED " + result.getOutput().replace('\n', ' ') + result.getFailureCause();
    }

    private static void answer(String text) {
        System.out.println(MARK + text);
        System.out.flush();
    }
}
