package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import java.util.List;

/**
 * Commits a branch of a global transaction in one phase at its coordinator, and decides thereby that the other broker groups commit what they have
 * prepared (code XA_GROUP_COMMIT). Answered like XA_COMMIT.
 *
 * <pre>
 * branch as · varint count · count × string · body of XA_COMMIT
 * </pre>
 *
 * @param as under which the other groups have prepared
 * @param participants names of these groups
 * @param commit what is committed here
 */
public record BranchGroupCommitRequest(BranchId as, List<String> participants, BranchCommitRequest commit) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, as);
        ParticipantsCodec.write(out, participants);
        commit.encode(out);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchGroupCommitRequest decode(ByteBuf in) {
        return new BranchGroupCommitRequest(
                BranchCodec.read(in), ParticipantsCodec.read(in), BranchCommitRequest.decode(in));
    }
}
