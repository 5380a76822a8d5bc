package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.api.FinalizeResponse;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.Refusal;
import io.posthorn.server.queue.RefusalKind;
import io.posthorn.server.replication.MasterState;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalRecord;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FINALIZE: an operator ends a rolling upgrade, and the newest format level is written from now on. The entry that says so is of that level,
 * so it goes to the Slaves and into the tables as any other does.
 */
final class FinalizeHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FinalizeHandler.class);

    private final BrokerCore core;
    private final MasterState master;

    FinalizeHandler(BrokerCore core, MasterState master) {
        this.core = core;
        this.master = master;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        core.submit(from, request, (heart, client, now) -> raise(), FinalizeHandler::body);
    }

    /** Sequencer. */
    private Outcome<FinalizeResponse> raise() {
        int level = master.formatLevel();
        int newest = master.formatLevelMax();
        if (level == newest && newest == FormatLevel.NEWEST) {
            // The entry that made it so may not be committed yet.
            return new Outcome<>(List.of(), new FinalizeResponse(level, false), null, true);
        }
        String refusal = level == newest
                ? "this broker goes up to format level " + newest + " (--format-level-max " + newest
                        + "): restart it without that option"
                : master.raiseRefusal(newest);
        if (refusal != null) {
            return new Outcome<>(List.of(), null, new Refusal(RefusalKind.ILLEGAL_STATE, refusal), false);
        }
        LOG.info("the format level is raised from {} to {}", level, newest);
        List<JournalRecord> entry = List.of(new JournalRecord.LevelRaised(newest));
        return new Outcome<>(List.of(entry), new FinalizeResponse(newest, true), null, false);
    }

    private static ByteBuf body(FinalizeResponse response, FrameConnection to) {
        ByteBuf body = to.newBody(8);
        response.encode(body);
        return body;
    }
}
