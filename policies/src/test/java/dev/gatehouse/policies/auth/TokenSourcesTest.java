package dev.gatehouse.policies.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.BearerToken.Scheme;
import dev.gatehouse.policies.auth.TokenSources.Rules;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSourcesTest {
    private static final TokenPlace HEADER = TokenPlace.Header.bearer();
    private static final TokenPlace QUERY = new TokenPlace.Query("access_token");

    private final TokenSources sources = sources(TokenFormat.VISIBLE, HEADER, QUERY);

    private static TokenSources sources(TokenFormat format, TokenPlace... places) {
        return new TokenSources(List.of(places), new Rules(false, false, format, 100));
    }

    private static TokenSources bothSchemes() {
        return new TokenSources(List.of(HEADER), new Rules(true, false, TokenFormat.VISIBLE, 100));
    }

    private static HttpRequest request(String target, String... authorizations) {
        // Without validation: the check must not rely on the codec's.
        HttpRequest request = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.GET,
                target,
                DefaultHttpHeadersFactory.headersFactory().withValidation(false));
        request.headers().add("authorization", List.of(authorizations));
        return request;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "Bearer good|good",
                "bearer good|good",
                "bEaReR good|good",
                "Bearer good-._~+/==|good-._~+/==",
                "Bearer a&client_id+%|a&client_id+%",
                "`Bearer good \t`|good",
                "Bearer ==|==",
                "Bearer \"good\"|\"good\"",
                "Bearer bad%0d%0aX-Injected:1|bad%0d%0aX-Injected:1",
            })
    void findsTokenInHeader(String authorization, String token) {
        BearerToken found = sources.find(request("/a", authorization));

        assertThat(found.flaw()).isNull();
        assertThat(found.place()).isEqualTo(Place.HEADER);
        assertThat(found.value()).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "Bearer|MALFORMED",
                "`Bearer `|MALFORMED",
                "`Bearer \t `|MALFORMED",
                "Bearer good x|MALFORMED",
                "Bearer  good|MALFORMED",
                "Bearer good,x|MALFORMED",
                "Bearer good, Bearer bad|MALFORMED",
                "good|MISSING",
                "Bearer,good|MISSING",
                "`Bearer\tgood`|MISSING",
                "Basic good|MISSING",
                "BearerX good|MISSING",
                "Bearer:good|MISSING",
                "DPoP good|MISSING",
                "``|MISSING",
                "Bearer good=a|ILL_FORMED",
                "Bearer =good|ILL_FORMED",
                "Bearer good==a=|ILL_FORMED",
                "Bearer a&client_id=x+%|ILL_FORMED",
                "Bearer bad&token=good&token_type_hint=x|ILL_FORMED",
                "`Basic eA==, Bearer good`|MALFORMED",
                "`Basic eA==,bearer good`|MALFORMED",
                "`Digest username=\"a, bearer\", realm=\"b\"`|MISSING",
                "Bearer good\u0080|ILL_FORMED",
                "Bearer good\u0000bad|ILL_FORMED",
                "Bearer bad\rX-Injected:1|ILL_FORMED",
                "Bearer go\u007fod|ILL_FORMED",
                "Bearer go\u010dod|ILL_FORMED",
                "`Bearer go\tod`|ILL_FORMED",
            })
    void refusesWhatIsNoToken(String authorization, Flaw flaw) {
        assertThat(sources.find(request("/a", authorization)).flaw()).isEqualTo(flaw);
    }

    @ParameterizedTest
    @CsvSource({"Bearer good,Bearer bad", "Bearer bad,Bearer good", "Bearer good,Bearer good", "Bearer good,Basic eA=="
    })
    void refusesTwoFields(String first, String second) {
        assertThat(sources.find(request("/a", first, second)).flaw()).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesEmptyFieldBesideAnother() {
        assertThat(sources.find(request("/a", "", "Bearer good")).flaw()).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesTokenBeyondTheLongest() {
        assertThat(sources.find(request("/a", "Bearer " + "a".repeat(99))).flaw())
                .isNull();
        assertThat(sources.find(request("/a", "Bearer " + "a".repeat(100))).flaw())
                .isNull();
        assertThat(sources.find(request("/a", "Bearer " + "a".repeat(101))).flaw())
                .isEqualTo(Flaw.ILL_FORMED);
    }

    @ParameterizedTest
    @CsvSource({"DPoP good,DPOP", "dpop good,DPOP", "Bearer good,BEARER"})
    void tellsTheSchemeOfAToken(String authorization, Scheme scheme) {
        BearerToken found = bothSchemes().find(request("/a", authorization));

        assertThat(found.value()).isEqualTo("good");
        assertThat(found.scheme()).isEqualTo(scheme);
    }

    @ParameterizedTest
    @CsvSource({"DPoP,MALFORMED", "DPoP good x,MALFORMED", "DPoPgood,MISSING", "Basic good,MISSING"})
    void refusesWhatIsNoTokenBehindTheSecondScheme(String authorization, Flaw flaw) {
        assertThat(bothSchemes().find(request("/a", authorization)).flaw()).isEqualTo(flaw);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a?access_token=good|good",
                "/a?x=1&access_token=good&y=2|good",
                "/a?access%5Ftoken=good|good",
                "/a?access_token=a%2Bb%2F%3D|a+b/=",
                "/a?access_token=a=b|a=b",
                "/a?access_token=a%26client_id%3Dx%2B%25|a&client_id=x+%",
            })
    void findsTokenInQuery(String target, String token) {
        BearerToken found = sources.find(request(target));

        assertThat(found.place()).isEqualTo(Place.QUERY);
        assertThat(found.value()).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a?access_token=|MALFORMED",
                "/a?access_token|MALFORMED",
                "/a?access_token=a&access_token=b|MALFORMED",
                "/a?access_token=a&access_token=a|MALFORMED",
                "/a?access_token=a&access%5ftoken=b|MALFORMED",
                "/a?access_token=%zz|MALFORMED",
                "/a?access_token=%4|MALFORMED",
                "/a?access_token=a%20b|ILL_FORMED",
                "/a?access_token=a%0D%0Ab|ILL_FORMED",
                "/a?access_token=%C3%A4|ILL_FORMED",
                "/a?Access_Token=a|MISSING",
                "/a?xaccess_token=a|MISSING",
                "/a?|MISSING",
                "/access_token=a|MISSING",
            })
    void refusesWhatIsNoTokenInQuery(String target, Flaw flaw) {
        assertThat(sources.find(request(target)).flaw()).isEqualTo(flaw);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a?access_token=good", "/a?access_token=bad", "/a?access_token="})
    void refusesTokensInHeaderAndQuery(String target) {
        assertThat(sources.find(request(target, "Bearer good")).flaw()).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void doesNotLookWhereItShouldNot() {
        var headerOnly = sources(TokenFormat.VISIBLE, HEADER);
        var queryOnly = sources(TokenFormat.VISIBLE, QUERY);

        assertThat(headerOnly.find(request("/a?access_token=x", "Bearer good")).value())
                .isEqualTo("good");
        assertThat(headerOnly.find(request("/a?access_token=x")).flaw()).isEqualTo(Flaw.MISSING);
        assertThat(queryOnly.find(request("/a?access_token=x", "Bearer good")).value())
                .isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({"abc,true", "a-b._~+/==,true", "==,false", "a=b,false", "a\"b,false", "a&b,false"})
    void knowsTheGrammarOfRfc6750(String token, boolean accepted) {
        var strict = sources(TokenFormat.B64TOKEN, HEADER, QUERY);

        assertThat(strict.find(request("/a", "Bearer " + token)).flaw()).isEqualTo(accepted ? null : Flaw.ILL_FORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/x?a=1&access_token=t|/x?a=1",
                "/x?access_token=t&a=1|/x?a=1",
                "/x?access_token=t|/x",
                "/x?a=1&access%5ftoken=t&b=2&access_token=u|/x?a=1&b=2",
                "/x?a=%zz&&b|/x?a=%zz&&b",
                "/x|/x",
            })
    void removesTokenFromQueryAndNothingElse(String target, String stripped) {
        assertThat(QueryToken.strip(target, "access_token")).isEqualTo(stripped);
    }

    @Test
    void printsNoToken() {
        assertThat(sources.find(request("/a", "Bearer good")).toString()).doesNotContain("good");
        assertThat(QueryToken.find("/a?access_token=good", "access_token").toString())
                .doesNotContain("good");
    }
}
