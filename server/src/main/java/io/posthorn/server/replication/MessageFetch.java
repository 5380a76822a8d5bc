package io.posthorn.server.replication;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.api.FetchMessagesRequest;
import io.posthorn.protocol.api.FetchMessagesRequest.Entry;
import io.posthorn.protocol.api.FetchMessagesResponse;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** FETCH_MESSAGES: reads messages by reference, on the reader threads of a store. The same at Master and Slave. */
final class MessageFetch {

    /** Keeps an answer within a frame, whatever was asked for: the largest message in one piece fits beside it. */
    private static final int ANSWER_MAX_BYTES = 8 << 20;

    private final Predicate<Entry> holds;
    private final BiConsumer<ReadRequest, Consumer<ReadResult>> reads;

    /**
     * @param holds whether a message may be read here
     * @param reads the store's reading
     */
    MessageFetch(Predicate<Entry> holds, BiConsumer<ReadRequest, Consumer<ReadResult>> reads) {
        this.holds = holds;
        this.reads = reads;
    }

    /** Answers a request; event loop, the answer is written by a reader thread. */
    void handle(FrameConnection from, Frame request) {
        FetchMessagesRequest wanted = FetchMessagesRequest.decode(request.body());
        List<Entry> here = wanted.entries().stream().filter(holds).toList();
        if (here.isEmpty()) {
            answer(from, request, wanted, here, null);
            return;
        }
        long[] offsets = here.stream().mapToLong(Entry::offset).toArray();
        long[] positions = here.stream().mapToLong(Entry::position).toArray();
        reads.accept(
                new ReadRequest(wanted.lane(), offsets, positions, new Origin[offsets.length]),
                result -> answer(from, request, wanted, here, result));
    }

    private static void answer(
            FrameConnection to, Frame request, FetchMessagesRequest wanted, List<Entry> here, ReadResult result) {
        if (result != null && result.isFailed()) {
            Acceptor.refuse(to, request, ErrorCode.SYSTEM_ERROR, "the store cannot be read now; see the broker's log");
            to.flush();
            return;
        }
        int maxBytes = Math.min(wanted.maxBytes(), ANSWER_MAX_BYTES);
        List<EncodedMessage> messages = new ArrayList<>(wanted.entries().size());
        int bytes = 0;
        int next = 0;
        for (Entry entry : wanted.entries()) {
            boolean read = next < here.size() && here.get(next).equals(entry);
            EncodedMessage message = read ? result.messages()[next++] : null;
            int size = message == null ? 0 : message.size();
            if (!messages.isEmpty() && bytes + size > maxBytes) {
                break;
            }
            bytes += size;
            messages.add(message);
        }
        ByteBuf body = to.newBody(bytes + 8 * messages.size() + 8);
        new FetchMessagesResponse(messages).encode(body);
        to.respond(request, body);
        to.flush();
    }
}
