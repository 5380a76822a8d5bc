package io.posthorn.provider.remote;

import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;

/** Error answers and transport failures → {@link ProviderException}: the one place with that table. Stateless. */
final class Failures {

    private Failures() {}

    /** The failure in an answer whose code is not 0; leaves the frame's body alone. */
    static ProviderException of(Frame answer) {
        return of(answer.code(), answer.remark());
    }

    /** @param text of the broker, passed through; may be null */
    static ProviderException of(int code, String text) {
        ErrorCode error = ErrorCode.ofCode(code);
        String message = text == null || text.isEmpty() ? error.name() + " (" + code + ")" : text;
        return new ProviderException(kindOf(error), message);
    }

    static Kind kindOf(ErrorCode error) {
        return switch (error) {
            case AUTHENTICATION_FAILED, NOT_AUTHORIZED -> Kind.SECURITY;
            case INVALID_CLIENT_ID -> Kind.INVALID_CLIENT_ID;
            case INVALID_DESTINATION, TOPIC_NOT_EXIST -> Kind.INVALID_DESTINATION;
            case INVALID_SELECTOR -> Kind.INVALID_SELECTOR;
            case INVALID_MESSAGE -> Kind.INVALID_MESSAGE;
            case RESOURCE_EXHAUSTED, SYSTEM_BUSY, NOT_ENOUGH_REPLICAS -> Kind.RESOURCE;
            case IN_DOUBT -> Kind.IN_DOUBT;
            case ILLEGAL_STATE -> Kind.ILLEGAL_STATE;
            case SUBSCRIPTION_IN_USE -> Kind.SUBSCRIPTION_IN_USE;
            case UNKNOWN_SUBSCRIPTION -> Kind.UNKNOWN_SUBSCRIPTION;
            case DESTINATION_IN_USE -> Kind.DESTINATION_IN_USE;
            case TRANSACTION_ROLLED_BACK -> Kind.TRANSACTION_ROLLED_BACK;
            case DELIVERY_LOST -> Kind.DELIVERY_LOST;
            case BODY_LOST -> Kind.BODY_LOST;
            case NOT_PLACED -> Kind.NOT_PLACED;
            case SERVICE_NOT_AVAILABLE, FENCED, NOT_MASTER, VERSION_NOT_SUPPORTED, REQUEST_CODE_NOT_SUPPORTED ->
                Kind.CONNECTION;
            case SYSTEM_ERROR, MALFORMED_REQUEST -> Kind.INTERNAL;
        };
    }

    /** Whether an answer says that this broker serves nobody any more, so that the request belongs to its successor. */
    static boolean isFenced(Frame answer) {
        return answer.code() == ErrorCode.FENCED.code() || answer.code() == ErrorCode.NOT_MASTER.code();
    }

    static ProviderException timedOut(String what) {
        return new ProviderException(Kind.TIMEOUT, what + " was not answered in time");
    }

    static ProviderException closed() {
        return new ProviderException(Kind.CLOSED, "the connection is closed");
    }

    static ProviderException rolledBack(String why) {
        return new ProviderException(Kind.TRANSACTION_ROLLED_BACK, "the transaction was rolled back: " + why);
    }

    static ProviderException deliveryLost() {
        return new ProviderException(
                Kind.DELIVERY_LOST,
                "while the connection was lost, the broker settled these messages or gave them to another consumer");
    }

    static ProviderException unreachable(String message, Throwable cause) {
        return new ProviderException(Kind.CONNECTION, message, cause);
    }

    /** The failure as a {@link ProviderException}, whatever it is wrapped in. */
    static ProviderException asProviderException(Throwable failure) {
        Throwable root = root(failure);
        return root instanceof ProviderException known
                ? known
                : new ProviderException(Kind.INTERNAL, String.valueOf(root), root);
    }

    static boolean kindIs(Throwable failure, Kind kind) {
        return root(failure) instanceof ProviderException known && known.kind() == kind;
    }

    /** What went wrong, without the wrapping of futures. */
    static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root instanceof CompletionException && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The shortest text that says what went wrong on the way. */
    static String reason(Throwable failure) {
        Throwable root = root(failure);
        while (!(root instanceof ProviderException) && root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    /** {@code host:port}, as it was given. */
    static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
