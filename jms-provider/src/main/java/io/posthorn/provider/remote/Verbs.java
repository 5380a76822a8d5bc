package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ClientIdRequest;
import io.posthorn.protocol.api.CloseConsumerRequest;
import io.posthorn.protocol.api.CreateTemporaryRequest;
import io.posthorn.protocol.api.CreateTemporaryResponse;
import io.posthorn.protocol.api.DeleteTemporaryRequest;
import io.posthorn.protocol.api.DrainRequest;
import io.posthorn.protocol.api.DrainResponse;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.protocol.api.OpenConsumerResponse;
import io.posthorn.protocol.api.UnsubscribeRequest;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ProviderException;
import java.util.function.Consumer;
import java.util.function.Function;

/** The single verbs as {@link RequestFlow} takes them: code, text, codec, and what their repetition means. Stateless. */
final class Verbs {

    private Verbs() {}

    static PendingVerb.Verb<Void> claimClientId(String clientId, Consumer<String> claimed) {
        ClientIdRequest request = new ClientIdRequest(clientId);
        return new Plain<>(RequestCode.CLIENT_ID, "claiming a client id", request::encode, none -> null, null) {
            @Override
            public void ended(ProviderException failure, Void answer) {
                if (failure == null) {
                    claimed.accept(clientId);
                }
            }
        };
    }

    static PendingVerb.Verb<Void> unsubscribe(String name) {
        return new Plain<>(
                RequestCode.UNSUBSCRIBE,
                "unsubscribing " + name,
                new UnsubscribeRequest(name)::encode,
                none -> null,
                ErrorCode.UNKNOWN_SUBSCRIPTION);
    }

    static PendingVerb.Verb<DestinationName> createTemporary(boolean queue) {
        DestinationKind kind = queue ? DestinationKind.TEMPORARY_QUEUE : DestinationKind.TEMPORARY_TOPIC;
        return new Plain<>(
                RequestCode.CREATE_TEMPORARY,
                "creating a temporary destination",
                new CreateTemporaryRequest(queue)::encode,
                answer -> new DestinationName(
                        kind, CreateTemporaryResponse.decode(answer).name()),
                null);
    }

    static PendingVerb.Verb<Void> deleteTemporary(DestinationName name) {
        return new Plain<>(
                RequestCode.DELETE_TEMPORARY,
                "deleting " + name,
                new DeleteTemporaryRequest(name)::encode,
                none -> null,
                ErrorCode.INVALID_DESTINATION);
    }

    static PendingVerb.Verb<ConsumerHandle> open(RemoteConsumer consumer, BrokerLinkSource links) {
        OpenConsumerRequest request = consumer.openRequest();
        return new Plain<>(
                RequestCode.OPEN_CONSUMER,
                "opening a consumer of " + request.destination(),
                request::encode,
                answer -> {
                    OpenConsumerResponse.decode(answer);
                    return consumer;
                },
                null) {
            @Override
            public void ended(ProviderException failure, ConsumerHandle answer) {
                if (failure == null) {
                    consumer.opened();
                    return;
                }
                consumer.notOpened();
                BrokerLink link = links.link();
                if (failure.kind() == ProviderException.Kind.TIMEOUT && link != null) {
                    // It may have been opened all the same, and nobody would ever close it.
                    CloseConsumerRequest close = new CloseConsumerRequest(consumer.consumerId(), 0, false);
                    link.call("closing a consumer", RequestCode.CLOSE_CONSUMER, close::encode, none -> null);
                }
            }
        };
    }

    static PendingVerb.Verb<Void> close(RemoteConsumer consumer, long handedOverTo, boolean keepUnsettled) {
        return new Plain<>(
                RequestCode.CLOSE_CONSUMER,
                "closing a consumer",
                body -> new CloseConsumerRequest(
                                consumer.consumerId(), consumer.ledger().wireLimit(handedOverTo), keepUnsettled)
                        .encode(body),
                none -> null,
                null) {
            @Override
            public void ended(ProviderException failure, Void answer) {
                consumer.closed(keepUnsettled);
            }
        };
    }

    /** @param limit local delivery id */
    static PendingVerb.Verb<Boolean> drain(RemoteConsumer consumer, long limit) {
        // On another link it may still deliver as many as it could have from now on.
        long room = Math.max(0, limit - consumer.ledger().last());
        return new PendingVerb.Verb<>() {
            @Override
            public int code() {
                return RequestCode.DRAIN;
            }

            @Override
            public String what() {
                return "asking for messages";
            }

            @Override
            public void encode(ByteBuf body, boolean repeated) {
                DeliveryLedger ledger = consumer.ledger();
                long wire = ledger.wireLimit(repeated ? ledger.last() + room : limit);
                new DrainRequest(consumer.consumerId(), wire).encode(body);
            }

            @Override
            public Boolean decode(ByteBuf answer) {
                return DrainResponse.decode(answer).endOfBrowse();
            }
        };
    }

    /** Where a verb finds the link in use, or null. */
    interface BrokerLinkSource {

        BrokerLink link();
    }

    /** A verb whose body is the same on every link, or depends on nothing but the ledger. */
    static class Plain<T> implements PendingVerb.Verb<T> {

        private final int code;
        private final String what;
        private final Consumer<ByteBuf> encoder;
        private final Function<ByteBuf, T> decoder;
        private final ErrorCode doneBefore;

        Plain(int code, String what, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder, ErrorCode doneBefore) {
            this.code = code;
            this.what = what;
            this.encoder = encoder;
            this.decoder = decoder;
            this.doneBefore = doneBefore;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String what() {
            return what;
        }

        @Override
        public void encode(ByteBuf body, boolean repeated) {
            encoder.accept(body);
        }

        @Override
        public T decode(ByteBuf answer) {
            return decoder.apply(answer);
        }

        @Override
        public ErrorCode doneBefore() {
            return doneBefore;
        }
    }
}
