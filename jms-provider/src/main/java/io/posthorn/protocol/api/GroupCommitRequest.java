package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import java.util.List;

/**
 * Commits a local transaction at its coordinator, and decides thereby that the other broker groups commit what they have prepared (code
 * GROUP_COMMIT). Answered like COMMIT.
 *
 * <pre>
 * branch · varint count · count × string · body of COMMIT
 * </pre>
 *
 * @param branch under which the other groups have prepared
 * @param participants names of these groups
 * @param commit what is committed here
 */
public record GroupCommitRequest(BranchId branch, List<String> participants, CommitRequest commit) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
        ParticipantsCodec.write(out, participants);
        commit.encode(out);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static GroupCommitRequest decode(ByteBuf in) {
        return new GroupCommitRequest(BranchCodec.read(in), ParticipantsCodec.read(in), CommitRequest.decode(in));
    }
}
