package dev.gatehouse.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.Target;
import dev.gatehouse.pipeline.OwnedHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectsTest {
    private static final Target SERVICE = new Target("shop.test", 80, null);
    private static final Target OTHER = new Target("other.test", 8080, null);
    private static final Redirects REDIRECTS =
            new Redirects(Set.of("x-key"), new OwnedHeaders(List.of("x-user-id"))::strip);

    private static HttpRequest request() {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/a");
        for (String name : List.of(
                "host",
                "Authorization",
                "Proxy-Authorization",
                "Cookie",
                "DPoP",
                "eg-consumer-id",
                "EG_Request.Id",
                "X_User.Id",
                "X-Key",
                "Content-Type",
                "content-encoding",
                "accept",
                "x-trace")) {
            request.headers().add(name, "v");
        }
        return request;
    }

    @ParameterizedTest
    @CsvSource({
        "301, POST, GET",
        "302, POST, GET",
        "303, POST, GET",
        "301, PUT, PUT",
        "302, DELETE, DELETE",
        "303, PUT, GET",
        "303, DELETE, GET",
        "303, HEAD, HEAD",
        "301, HEAD, HEAD",
        "302, GET, GET",
        "307, POST, POST",
        "308, PATCH, PATCH",
    })
    void choosesTheMethodAsTheNodeLibraryDoes(int status, String before, String after) {
        assertThat(Redirects.method(status, HttpMethod.valueOf(before))).isEqualTo(HttpMethod.valueOf(after));
    }

    @ParameterizedTest
    @CsvSource({
        "301, true",
        "302, true",
        "303, true",
        "307, true",
        "308, true",
        "200, false",
        "201, false",
        "300, false",
        "304, false",
        "305, false",
        "404, false"
    })
    void followsOnlyRedirectsWithAPlace(int status, boolean followed) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        assertThat(Redirects.isRedirect(response)).isFalse();
        response.headers().set("location", "");
        assertThat(Redirects.isRedirect(response)).isFalse();
        response.headers().set("location", "/x");

        assertThat(Redirects.isRedirect(response)).isEqualTo(followed);
    }

    @Test
    void keepsEverythingWithinTheService() {
        HttpRequest next = REDIRECTS.head(request(), HttpMethod.POST, SERVICE, new Location(SERVICE, "/b"));

        assertThat(next.uri()).isEqualTo("/b");
        assertThat(next.headers().equals(request().headers())).isTrue();
    }

    @Test
    void refusesToTakeSecretsAndIdentityElsewhere() {
        HttpRequest before = request();
        HttpHeaders next = REDIRECTS
                .head(before, HttpMethod.POST, SERVICE, new Location(OTHER, "/b"))
                .headers();

        assertThat(next.names())
                .containsExactlyInAnyOrder("host", "Content-Type", "content-encoding", "accept", "x-trace");
        assertThat(next.get("host")).isEqualTo("other.test:8080");
        assertThat(before.headers().size()).isEqualTo(request().headers().size());
    }

    @Test
    void dropsWhatDescribesABodyThatIsNotSent() {
        HttpHeaders next = REDIRECTS
                .head(request(), HttpMethod.GET, SERVICE, new Location(SERVICE, "/b"))
                .headers();

        assertThat(next.contains("content-type")).isFalse();
        assertThat(next.contains("content-encoding")).isFalse();
        assertThat(next.contains("authorization")).isTrue();
    }
}
