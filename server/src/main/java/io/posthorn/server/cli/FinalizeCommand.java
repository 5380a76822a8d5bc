package io.posthorn.server.cli;

import io.posthorn.protocol.api.FinalizeResponse;
import io.posthorn.provider.remote.RemoteOperator;
import picocli.CommandLine.Command;

/** {@code finalize}: ends a rolling upgrade. */
@Command(
        name = "finalize",
        description = {
            "Ends an upgrade of a broker group: its Master, and with it its Slaves, write the newest format from now on.",
            "Releases from before that format cannot be gone back to after this."
        },
        mixinStandardHelpOptions = true)
final class FinalizeCommand extends BrokerVerb {

    @Override
    void run(RemoteOperator operator) {
        FinalizeResponse now = operator.finalizeFormat();
        print(
                now.raised()
                        ? "format level " + now.level() + " from now on"
                        : "format level " + now.level() + " already, the newest");
    }
}
