package io.posthorn.appserver;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;

/** The test application's entrance, from outside. Any thread. */
final class Application {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** An open connection of HTTP/2 would keep the application that it was upgraded in, in Open Liberty. */
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI base;

    Application(URI base) {
        this.base = base;
    }

    /** @throws IOException if there is no answer */
    HttpResponse<String> request(String by, Map<String, String> parameters) throws IOException, InterruptedException {
        StringJoiner query = new StringJoiner("&", "do?", "");
        query.add("by=" + by);
        parameters.forEach((name, value) -> query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return get(query.toString());
    }

    /** Asks {@code /do} of another application of the same server, which has to succeed. */
    void carryOutIn(String other, String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/" + other + "/do?" + query);
        if (answer.statusCode() != 200) {
            throw new AssertionError(other + " " + query + ": " + answer.statusCode() + "\n" + answer.body());
        }
    }

    /** Asks for work that has to succeed. */
    void carryOut(String by, Map<String, String> parameters) throws IOException, InterruptedException {
        HttpResponse<String> answer = request(by, parameters);
        if (answer.statusCode() != 200) {
            throw new AssertionError(by + " " + parameters + ": " + answer.statusCode() + "\n" + answer.body());
        }
    }

    /** The application server's process. */
    ProcessHandle process() throws IOException, InterruptedException {
        String id = request("process", Map.of()).body();
        return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
    }

    boolean answers() throws InterruptedException {
        try {
            return request("process", Map.of()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Whether there is an answer, of whatever kind. */
    boolean listens() throws InterruptedException {
        try {
            return get("").statusCode() > 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
