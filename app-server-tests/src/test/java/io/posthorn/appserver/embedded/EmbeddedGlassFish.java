package io.posthorn.appserver.embedded;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.glassfish.embeddable.CommandResult;
import org.glassfish.embeddable.GlassFish;
import org.glassfish.embeddable.GlassFishException;
import org.glassfish.embeddable.GlassFishProperties;
import org.glassfish.embeddable.GlassFishRuntime;

/**
 * Runs GlassFish Embedded in this process: {@code EmbeddedGlassFish HTTP-PORT TRANSACTION-LOG-DIRECTORY}. Takes commands as {@code asadmin}
 * does, one per line of the standard input, and answers each with a line that begins with {@code DONE} or {@code FAILED} behind a mark.
 * Ends at the end of the input.
 */
public final class EmbeddedGlassFish {

    /** What the answers' lines begin with. */
    public static final String MARK = "embedded-glassfish: ";

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
        properties.setProperty(CONFIG + "transaction-service.tx-log-dir", arguments[1]);
        properties.setProperty(CONFIG + "transaction-service.automatic-recovery", "true");
        properties.setProperty(CONFIG + "iiop-service.iiop-listener.orb-listener-1.address", "127.0.0.1");
        properties.setProperty(CONFIG + "iiop-service.iiop-listener.orb-listener-1.port", arguments[2]);
        GlassFish server = GlassFishRuntime.bootstrap().newGlassFish(properties);
        server.start();
        answer("DONE started");
        new EmbeddedGlassFish(server).carryOutAll();
        server.stop();
        Runtime.getRuntime().exit(0);
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
