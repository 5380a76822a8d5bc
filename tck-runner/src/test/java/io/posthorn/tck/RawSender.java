package io.posthorn.tck;

import io.posthorn.message.BodyType;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.provider.Login;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderListener;
import io.posthorn.provider.remote.IoThreads;
import io.posthorn.provider.remote.RemoteConfig;
import io.posthorn.provider.remote.RemoteProviderFactory;
import io.posthorn.testing.ServerProcess;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A client of the wire that puts into messages what the JMS classes never would. One thread. */
final class RawSender implements AutoCloseable {

    private final RemoteProviderFactory factory;
    private final Provider provider;
    private final ProducerHandle producer;

    RawSender(ServerProcess server) {
        factory = new RemoteProviderFactory(
                RemoteConfig.of(List.of(new InetSocketAddress("127.0.0.1", server.nameServerPort()))), new IoThreads());
        provider = factory.connect(new Login(null, null, null), new Silent()).join();
        producer = provider.openProducer();
    }

    /** The message with this body, as it would travel. */
    static EncodedMessage message(String queue, BodyType type, byte[] body) {
        MessageHead head = new MessageHead();
        head.destination(new DestinationName(DestinationKind.QUEUE, queue));
        head.bodyType(type);
        head.properties().put("colour", "red");
        return EncodedMessage.encode(head, body);
    }

    /** Sends a message and waits for the broker's answer: null, or why it was refused. */
    ProviderException send(EncodedMessage message) {
        CompletableFuture<ProviderException> answer = new CompletableFuture<>();
        provider.send(producer, message, false, answer::complete);
        return answer.join();
    }

    @Override
    public void close() {
        provider.close().join();
        factory.close();
    }

    /** Waits for no news. */
    private static final class Silent implements ProviderListener {

        @Override
        public void interrupted(String reason) {
            // The answers tell.
        }

        @Override
        public void restored() {
            // The answers tell.
        }

        @Override
        public void problem(ProviderException failure) {
            // The answers tell.
        }

        @Override
        public void failed(ProviderException failure) {
            // The answers tell.
        }
    }
}
