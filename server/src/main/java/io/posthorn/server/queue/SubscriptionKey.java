package io.posthorn.server.queue;

/** Key of a named subscription (Jakarta Messaging 3.1, 8.3). @param clientId null = none */
record SubscriptionKey(String clientId, String name) {

    String text() {
        return clientId == null ? "'" + name + "'" : "'" + name + "' of client id '" + clientId + "'";
    }
}
