package dev.gatehouse.server.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.CompatConfig.Bodies;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyBodyTest {
    private static final Reply REPLY = Reply.refuse(Refusal.INSUFFICIENT_SCOPE);

    @ParameterizedTest
    @CsvSource({
        "AUTO, '', text",
        "AUTO, */*, text",
        "AUTO, text/html, text",
        "AUTO, application/json, document",
        "AUTO, 'text/html, Application/Problem+JSON;q=0.1', document",
        "PROBLEM, '', document",
        "EXPRESS_GATEWAY, application/json, text"
    })
    void choosesTheFormByTheWishOfTheClient(Bodies bodies, String accept, String form) {
        Reply.Content content = ReplyBody.of(REPLY, new DefaultHttpHeaders().add("accept", accept), bodies, "id");

        assertThat(content.mediaType())
                .isEqualTo(form.equals("text") ? "text/plain; charset=utf-8" : "application/problem+json");
    }

    @Test
    void writesThePhraseOfExpressGateway() {
        assertThat(text(REPLY, "*/*")).isEqualTo("Forbidden");
        assertThat(text(Reply.refuse(Refusal.UPSTREAM_RESET), "*/*")).isEqualTo("Bad gateway.");
    }

    @Test
    void writesThePhraseOfAnotherStatus() {
        assertThat(text(REPLY.withStatus(401), "*/*")).isEqualTo("Unauthorized");
    }

    @Test
    void writesAProblemDocumentWithEscapedTexts() {
        Reply reply = REPLY.withError("insufficient_scope", "needs \"a\\b\"");

        assertThat(text(reply, "application/json"))
                .isEqualTo("{\"title\":\"Forbidden\",\"status\":403,"
                        + "\"detail\":\"The access token does not cover this operation.\",\"request_id\":\"id\","
                        + "\"error\":\"insufficient_scope\",\"error_description\":\"needs \\\"a\\\\b\\\"\"}");
    }

    @Test
    void keepsConfiguredContent() {
        Reply reply = Reply.of(null, 200, "text/html", "hello".getBytes(StandardCharsets.UTF_8));

        assertThat(text(reply, "application/json")).isEqualTo("hello");
    }

    private static String text(Reply reply, String accept) {
        Reply.Content content = ReplyBody.of(reply, new DefaultHttpHeaders().add("accept", accept), Bodies.AUTO, "id");
        return new String(content.bytes(), StandardCharsets.UTF_8);
    }
}
