package dev.gatehouse.policies.introspect.binding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/a, https://api.example.com/a",
        "HTTPS://API.Example.COM/a, https://api.example.com/a",
        "https://api.example.com:443/a, https://api.example.com/a",
        "https://api.example.com:/a, https://api.example.com/a",
        "https://api.example.com:80/a, https://api.example.com:80/a",
        "http://api.example.com:80/a, http://api.example.com/a",
        "http://api.example.com:8080/a, http://api.example.com:8080/a",
        "http://[::1]:8080/, http://[::1]:8080/",
        "http://[2001:DB8::1]/, http://[2001:db8::1]/",
        "https://api.example.com, https://api.example.com/",
        "https://api.example.com?a=/b, https://api.example.com/",
        "https://api.example.com/a?b=c#d, https://api.example.com/a",
        "https://api.example.com/a#d?e, https://api.example.com/a",
        "https://api.example.com/%7euser/%c3%a4%2f%41, https://api.example.com/~user/%C3%A4%2FA",
        "https://api.example.com/A/a//b/, https://api.example.com/A/a//b/",
        "https://api.example.com/a;b=1/!$&'()*+:@, https://api.example.com/a;b=1/!$&'()*+:@",
    })
    void makesEqualUrlsOne(String url, String normalised) {
        assertThat(RequestUrl.normalised(url)).isEqualTo(normalised);
        assertThat(RequestUrl.normalised(normalised)).isEqualTo(normalised);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a",
                "//api.example.com/a",
                "ftp://api.example.com/a",
                "https:api.example.com/a",
                "https:///a",
                "https://:443/a",
                "https://user@api.example.com/a",
                "https://api.example.com:x/a",
                "https://api.example.com:123456/a",
                "https://api.example.com/%",
                "https://api.example.com/%4",
                "https://api.example.com/%zz",
                "https://api.example.com/a b",
                "https://api.example.com/ä",
                "https://api.example.com\\a",
            })
    void refusesWhatIsNoUrl(String url) {
        assertThat(RequestUrl.normalised(url)).isNull();
    }
}
