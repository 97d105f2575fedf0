package dev.gatehouse.cli.trytoken;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.CallResult.Answer;
import dev.gatehouse.client.CallResult.Failed;
import dev.gatehouse.client.HttpCall;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says why the gateway learned nothing about the token, and what to do. */
final class Failure {
    private static final int SHOWN = 80;

    private final Printable printable;

    Failure(Printable printable) {
        this.printable = printable;
    }

    /**
     * Sentences about a call without a usable answer.
     *
     * @param cause as in logs
     * @param seen null = nothing was sent
     * @param advertised client authentication that the server publishes; empty = it publishes none
     */
    List<String> sentences(String cause, Witness.@Nullable Seen seen, List<String> advertised) {
        if (seen == null) {
            return List.of("the server was not asked: " + cause);
        }
        HttpCall call = seen.call();
        if (cause.equals("credentials")) {
            return credentials(call, advertised);
        }
        CallResult result = seen.result();
        if (result instanceof Failed failed) {
            return List.of(failed(failed, call));
        }
        return result instanceof Answer answer ? answered(answer) : List.of("the call ended with " + cause);
    }

    private List<String> credentials(HttpCall call, List<String> advertised) {
        List<String> sentences = new ArrayList<>();
        Credential credential = Credential.of(call);
        sentences.add("the server refuses the gateway's own credentials: "
                + (credential.method().equals("none")
                        ? "none were sent"
                        : "wrong, or not taken as " + credential.method()));
        sentences.add(
                advertised.isEmpty()
                        ? "the server publishes nothing about the methods that it takes"
                        : "the server advertises " + printable.text(String.join(", ", advertised)));
        return sentences;
    }

    private String failed(Failed failed, HttpCall call) {
        String server = call.target().authority();
        return switch (failed.cause()) {
            case REFUSED -> "nobody listens at " + server + ": check host and port of the endpoint";
            case DNS -> "the name '" + call.target().host() + "' is unknown: check the host of the endpoint";
            case CONNECT_TIMEOUT ->
                server + " did not take the connection within "
                        + call.connectTimeout().toMillis() + " ms: a firewall, "
                        + (call.target().tls() == null ? "" : "no TLS on that port, ")
                        + "or 'resilience.connectTimeout'";
            case TLS ->
                "no trusted TLS connection to " + server + ": its certificate has another name, has expired or"
                        + " comes from an unknown authority ('tls.serverName', 'tls.ca')";
            case RESPONSE_TIMEOUT ->
                "no answer within "
                        + Math.min(
                                call.firstByteTimeout().toMillis(),
                                call.totalTimeout().toMillis())
                        + " ms: the server is slow, or 'timeout' is too short";
            case RESET -> "the server closed the connection without an answer: perhaps it expects TLS, or none";
            case TRUNCATED -> "the answer ended before its end";
            case MALFORMED -> "the answer is no proper HTTP: perhaps the server expects TLS";
            case TOO_LARGE -> "the answer is longer than 'response.maxBytes', " + call.maxResponseBytes() + " bytes";
            case OVERLOAD -> "the gateway could not send the question";
        };
    }

    private List<String> answered(Answer answer) {
        if (isHtml(answer)) {
            String body = new String(answer.body(), StandardCharsets.UTF_8);
            return List.of(
                    "the answer is HTML, a page for people: check the path of the endpoint",
                    "it begins: " + printable.start(body, SHOWN));
        }
        return List.of(status(answer));
    }

    private String status(Answer answer) {
        int status = answer.status();
        if (status / 100 == 3) {
            return "the server redirects, which is not followed: the token must not go elsewhere";
        }
        if (status / 100 == 5) {
            return "the server failed with status " + status + ": look into its log";
        }
        return switch (status) {
            case 200 ->
                isJson(type(answer))
                        ? "the answer is labelled JSON but is not one JSON object with proper dates and no name twice"
                        : "the answer is labelled '" + printable.start(type(answer), SHOWN) + "', not JSON";
            case 404 -> "the server knows no such path: check the path of the endpoint";
            case 405 -> "the server takes no POST there: this is not its introspection endpoint";
            case 429 -> "the server takes no more questions for now";
            default -> "status " + status + " is no answer to an introspection; only 200 is";
        };
    }

    private static boolean isHtml(Answer answer) {
        String body =
                new String(answer.body(), StandardCharsets.UTF_8).stripLeading().toLowerCase(Locale.ROOT);
        return type(answer).startsWith("text/html") || body.startsWith("<!doctype html") || body.startsWith("<html");
    }

    private static boolean isJson(String type) {
        return type.contains("json");
    }

    private static String type(Answer answer) {
        String type = answer.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type == null ? "" : type.toLowerCase(Locale.ROOT);
    }
}
