package io.posthorn.server.broker.registration;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.net.FrameServer;
import io.posthorn.net.NetConfig;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.ResponseCode;
import io.posthorn.server.route.RegisterBodyCodec;
import io.posthorn.server.route.TopicTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A NameServer that writes down what it is told, and refuses or holds back answers when asked to. */
final class RecordingNameServer implements FrameHandler, AutoCloseable {

    /** @param table null for anything but a registration */
    record Call(FrameConnection connection, Frame request, TopicTable table) {}

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final FrameServer server = new FrameServer(NetConfig.defaults(), this);
    private volatile boolean holdAnswers;

    InetSocketAddress start() throws IOException {
        return server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** The next calls are answered by an error. */
    void refuse(int count) {
        refusals.set(count);
    }

    void holdAnswers(boolean hold) {
        holdAnswers = hold;
    }

    void answer(Call call) {
        call.connection().respond(call.request(), ResponseCode.SUCCESS, null, Map.of(), Unpooled.EMPTY_BUFFER);
    }

    /** The next call; fails if none comes within 20 s. */
    Call next() throws InterruptedException {
        Call call = calls.poll(20, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no call within 20 s");
        }
        return call;
    }

    int waiting() {
        return calls.size();
    }

    @Override
    public void onOpen(FrameConnection connection) {
        // It is the broker's turn.
    }

    @Override
    public void onRequest(FrameConnection connection, Frame request) {
        byte[] body = ByteBufUtil.getBytes(request.body());
        TopicTable table = request.code() == RequestCode.REGISTER_BROKER
                ? RegisterBodyCodec.decode(body, false, request.version())
                : null;
        Call call = new Call(connection, request, table);
        boolean hold = holdAnswers;
        calls.add(call);
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            connection.respond(request, ResponseCode.SYSTEM_ERROR, "not now", Map.of(), Unpooled.EMPTY_BUFFER);
        } else if (!hold) {
            answer(call);
        }
        request.release();
    }

    @Override
    public void onBatchEnd(FrameConnection connection) {
        // Answers go out by themselves.
    }

    @Override
    public void onWritabilityChanged(FrameConnection connection) {
        // Answers are few.
    }

    @Override
    public void onClosed(FrameConnection connection, Throwable causeOrNull) {
        // The test looks at calls only.
    }

    @Override
    public void close() {
        server.close();
    }
}
