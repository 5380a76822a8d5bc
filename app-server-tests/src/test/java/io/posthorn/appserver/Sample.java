package io.posthorn.appserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** The sample application of {@code samples-ee}, as it was built, and its page. */
final class Sample {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI page;

    /** @param application a page of the same server */
    Sample(URI application) {
        this.page = application.resolve("/orders/");
    }

    static Path file() {
        return Path.of(System.getProperty("posthorn.sample"));
    }

    /** Places an order on the page and waits until the page says that it is worked off. */
    void worksAnOrderOff() throws Exception {
        HttpRequest order = HttpRequest.newBuilder(page)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("item=stamp&pieces=3"))
                .build();
        HttpResponse<String> placed = client.send(order, HttpResponse.BodyHandlers.ofString());
        assertEquals(302, placed.statusCode(), placed.body());
        Await.within(120, "the order is worked off", () -> text().contains("3 × stamp"));
    }

    private String text() throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
