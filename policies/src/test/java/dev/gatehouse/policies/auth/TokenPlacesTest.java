package dev.gatehouse.policies.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.TokenSources.Rules;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens in header fields of other names, in cookies, and under patterns. */
class TokenPlacesTest {
    private static final TokenPlace HEADER = TokenPlace.Header.bearer();
    private static final TokenPlace OWN = new TokenPlace.Header("X-Access-Token", "");
    private static final TokenPlace COOKIE = new TokenPlace.Cookie("session", false);

    private static TokenSources sources(TokenPlace... places) {
        return new TokenSources(List.of(places), new Rules(false, true, TokenFormat.VISIBLE, 100));
    }

    private static HttpRequest request(String method, String... headers) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), "/");
        for (int i = 0; i < headers.length; i += 2) {
            request.headers().add(headers[i], headers[i + 1]);
        }
        return request;
    }

    @ParameterizedTest
    @CsvSource({"good,good", "a=b,a=b", "bearer,bearer"})
    void takesTheWholeValueOfAnOwnField(String value, String token) {
        BearerToken found = sources(OWN).find(request("GET", "x-access-token", value));

        assertThat(found.flaw()).isNull();
        assertThat(found.place()).isEqualTo(Place.OWN_HEADER);
        assertThat(found.value()).isEqualTo(token);
    }

    @Test
    void takesATokenBehindAnOwnScheme() {
        var places = sources(HEADER, new TokenPlace.Header("Authorization", "Token"));

        assertThat(places.find(request("GET", "authorization", "token good")).value())
                .isEqualTo("good");
        assertThat(places.find(request("GET", "authorization", "Bearer good")).value())
                .isEqualTo("good");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-access-token|''|MISSING",
                "x-access-token|a b|MALFORMED",
                "x-access-token|a,b|MALFORMED",
                "x-access-token|gööd|ILL_FORMED",
                "authorization|Bearer good|MISSING",
                "authorization|Bearer a b|MALFORMED",
            })
    void refusesWhatIsNoTokenInAnOwnField(String name, String value, Flaw flaw) {
        assertThat(sources(OWN).find(request("GET", name, value)).flaw()).isEqualTo(flaw);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer good", "bearer other", "DPoP good"})
    void refusesAnOwnFieldBesideATokenInAuthorization(String authorization) {
        HttpRequest request = request("GET", "x-access-token", "good", "authorization", authorization);

        assertThat(sources(OWN).find(request).flaw()).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesAnOwnFieldTwice() {
        HttpRequest request = request("GET", "x-access-token", "good", "x-access-token", "good");

        assertThat(sources(OWN).find(request).flaw()).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesTwoAuthorizationFieldsWhereverTheTokenIs() {
        HttpRequest request = request("GET", "cookie", "session=good", "authorization", "Basic a", "authorization", "");

        assertThat(sources(COOKIE).find(request).flaw()).isEqualTo(Flaw.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session=good|good",
                "a=1; session=good; b=2|good",
                "a=1;session = good ;b=2|good",
                "session=\"good\"|good",
                "session=a=b|a=b",
                "SESSION=bad; session=good|good",
            })
    void findsTokenInCookie(String cookie, String token) {
        BearerToken found = sources(COOKIE).find(request("GET", "cookie", cookie));

        assertThat(found.place()).isEqualTo(Place.COOKIE);
        assertThat(found.value()).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1|MISSING",
                "session|MISSING",
                "session=|MISSING",
                "xsession=a|MISSING",
                "session=a; session=a|MALFORMED",
                "session=a b|ILL_FORMED",
            })
    void refusesWhatIsNoTokenInCookie(String cookie, Flaw flaw) {
        assertThat(sources(COOKIE).find(request("GET", "cookie", cookie)).flaw())
                .isEqualTo(flaw);
    }

    @ParameterizedTest
    @CsvSource({"GET,true", "HEAD,true", "OPTIONS,true", "POST,false", "PUT,false", "DELETE,false", "PATCH,false"})
    void refusesACookieForMethodsThatChangeSomething(String method, boolean counts) {
        HttpRequest request = request(method, "cookie", "session=good");

        assertThat(sources(COOKIE).find(request).flaw()).isEqualTo(counts ? null : Flaw.MISSING);
        assertThat(sources(new TokenPlace.Cookie("session", true)).find(request).flaw())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a=1; session=t; b=2|a=1; b=2",
                "session=t; a=1|a=1",
                "a=1; session=t|a=1",
                "session=t|-",
                "a=1; b|a=1; b",
                "a=1;;session=t;session=u;b=\"x y\"|a=1;;b=\"x y\"",
            })
    void cutsOnlyItsOwnCookie(String cookie, @org.jspecify.annotations.Nullable String left) {
        HttpRequest request = request("POST", "cookie", cookie);

        sources(COOKIE).removeCopies(request);

        assertThat(request.headers().get("cookie")).isEqualTo(left);
    }

    @Test
    void removesEveryCopy() {
        HttpRequest request = request(
                "GET", "authorization", "Bearer t", "dpop", "proof", "x-access-token", "t", "cookie", "session=t; a=1");

        sources(HEADER, OWN, COOKIE).remove(request);

        assertThat(request.headers().entries())
                .singleElement()
                .satisfies(left -> assertThat(left.getValue()).isEqualTo("a=1"));
    }

    @ParameterizedTest
    @CsvSource({"at-12,true", "at-,false", "xat-12,false", "at-12x,false"})
    void matchesAPatternAgainstTheWholeToken(String token, boolean accepted) {
        var patterned = new TokenSources(
                List.of(HEADER), new Rules(false, true, TokenFormat.matching(Pattern.compile("at-[0-9]+")), 100));

        assertThat(patterned
                        .find(request("GET", "authorization", "Bearer " + token))
                        .flaw())
                .isEqualTo(accepted ? null : Flaw.ILL_FORMED);
    }

    @Test
    void matchesHostilePatternsInLinearTime() {
        var patterned = new TokenSources(
                List.of(HEADER), new Rules(false, true, TokenFormat.matching(Pattern.compile("(a+)+b")), 16_384));
        HttpRequest request = request("GET", "authorization", "Bearer " + "a".repeat(16_000));

        // A backtracking engine needs longer than the universe is old.
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(patterned.find(request).flaw()).isEqualTo(Flaw.ILL_FORMED));
    }

    @Test
    void printsNoToken() {
        assertThat(CookieToken.find(request("GET", "cookie", "session=secret").headers(), "session")
                        .toString())
                .doesNotContain("secret");
        assertThat(new TokenForm.Found(1, "secret").toString()).doesNotContain("secret");
    }
}
