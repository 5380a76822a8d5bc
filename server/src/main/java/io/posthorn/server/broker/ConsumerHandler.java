package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.CloseConsumerRequest;
import io.posthorn.protocol.api.CreditRequest;
import io.posthorn.protocol.api.DrainRequest;
import io.posthorn.protocol.api.HandOverRequest;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.protocol.api.OpenConsumerResponse;
import io.posthorn.protocol.api.ProgressRequest;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.ConsumerMode;
import io.posthorn.server.queue.ConsumerOpening;
import io.posthorn.server.queue.DeliveryRef;
import io.posthorn.server.queue.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** OPEN_CONSUMER, CLOSE_CONSUMER, CREDIT, DRAIN, HAND_OVER and PROGRESS. */
final class ConsumerHandler implements RequestHandler {

    private final BrokerCore core;

    ConsumerHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.OPEN_CONSUMER -> open(from, request, OpenConsumerRequest.decode(request.body()));
            case RequestCode.CLOSE_CONSUMER -> {
                CloseConsumerRequest close = CloseConsumerRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.closeConsumer(
                                client, close.consumerId(), close.handedOverTo(), close.keepUnsettled(), now),
                        Answer.empty());
            }
            case RequestCode.CREDIT -> {
                CreditRequest credit = CreditRequest.decode(request.body());
                core.submitUnanswered(from, request, (heart, client, now) -> {
                    heart.credit(client, credit.consumerId(), credit.limit(), credit.windowMaxBytes());
                    return true;
                });
            }
            case RequestCode.DRAIN -> drain(from, request, DrainRequest.decode(request.body()));
            case RequestCode.HAND_OVER -> {
                HandOverRequest mark = HandOverRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.handOver(client, mark.consumerId(), mark.deliveryIdTo()),
                        Answer.empty());
            }
            case RequestCode.PROGRESS -> progress(from, request, ProgressRequest.decode(request.body()));
            default -> throw new ProtocolException("code " + request.code() + " is no consumer verb");
        }
    }

    private void open(FrameConnection from, Frame request, OpenConsumerRequest open) {
        ConsumerOpening opening = new ConsumerOpening(
                open.consumerId(),
                ConsumerMode.valueOf(open.mode().name()),
                open.destination(),
                open.subscriptionName(),
                open.selector(),
                open.noLocal(),
                restated(open.restated()));
        core.submit(
                from,
                request,
                (heart, client, now) -> heart.openConsumer(client, opening, now),
                (opened, connection) -> {
                    List<Integer> refused = indexes(opened.refused());
                    List<Integer> settled = indexes(opened.settled());
                    ByteBuf body = connection.newBody(16 + 8 * refused.size());
                    new OpenConsumerResponse(refused, settled).encode(body);
                    return body;
                });
    }

    private void progress(FrameConnection from, Frame request, ProgressRequest progress) {
        Span accepted = new Span(progress.consumerId(), progress.acceptedFrom(), progress.acceptedTo());
        long to = progress.deliveryIdTo();
        // No sync for it: the acknowledgement that follows is the one that is answered.
        core.submitPatiently(
                from, request, (heart, client, now) -> heart.progress(client, accepted, to), Answer.empty());
    }

    private static List<Integer> indexes(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static List<DeliveryRef> restated(List<MessageRef> refs) {
        List<DeliveryRef> restated = new ArrayList<>(refs.size());
        for (MessageRef ref : refs) {
            restated.add(new DeliveryRef(ref.lane(), ref.offset()));
        }
        return restated;
    }

    /** The heart answers a drain itself, once nothing more can come; so the request goes along as the token. */
    private void drain(FrameConnection from, Frame request, DrainRequest drain) {
        core.submitUnanswered(
                from, request, (heart, client, now) -> heart.drain(client, drain.consumerId(), drain.limit(), request));
    }
}
