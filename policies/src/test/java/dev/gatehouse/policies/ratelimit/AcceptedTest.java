package dev.gatehouse.policies.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedTest {
    private static HttpHeaders accept(String... lines) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (String line : lines) {
            headers.add("accept", line);
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "*/* | HTML",
                "text/html | HTML",
                "text/* | HTML",
                "application/json | JSON",
                "Application/JSON | JSON",
                "application/* | JSON",
                "application/json, text/html | JSON",
                "text/html, application/json | HTML",
                "text/html;q=0.5, application/json | JSON",
                "text/html;q=0.5, application/json;q=0.4 | HTML",
                "*/*, application/json | JSON",
                "application/json;q=0.1, */* | HTML",
                "application/json;q=0, */* | HTML",
                "text/html;q=0, */*;q=0.1 | JSON",
                "text/html; level=1 ; q=0.2 , application/json ; q=0.3 | JSON",
                "text/plain | NEITHER",
                "image/png | NEITHER",
                "*/*;q=0 | NEITHER",
                "application/json;q=x | NEITHER",
                "application/problem+json | NEITHER",
                ",,; | NEITHER"
            })
    void prefersWhatTheClientPrefers(String accept, Accepted expected) {
        assertThat(Accepted.in(accept(accept))).isEqualTo(expected);
    }

    @Test
    void takesHtmlWhereNothingIsSaidAndReadsAllLines() {
        assertThat(Accepted.in(accept())).isEqualTo(Accepted.HTML);
        assertThat(Accepted.in(accept("image/png", "application/json"))).isEqualTo(Accepted.JSON);
    }

    @Test
    void readsAnyText() {
        Random random = new Random(7);
        String letters = "*/;,=q01. text/html application/json\t\"";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 0, letters.length()).forEach(at -> text.append(letters.charAt(at)));

            assertThat(Accepted.in(accept(text.toString()))).as(text.toString()).isNotNull();
        }
    }
}
