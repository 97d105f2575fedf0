package dev.gatehouse.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestTest {
    private static final List<String> KNOWN =
            List.of("scopes", "paths", "path", "host", "hostRegex", "serviceEndpoint", "ca", "ttl");

    @ParameterizedTest
    @CsvSource({
        "scope,scopes",
        "scpoes,scopes",
        "scop,scopes",
        "Scopes,scopes",
        "pahts,paths",
        "hots,host",
        "hst,host",
        "path_,path",
        "service_endpoint,serviceEndpoint",
        "service-endpoint,serviceEndpoint",
        "SERVICEENDPOINT,serviceEndpoint",
        "serviceEndpoints,serviceEndpoint",
        "hostRegx,hostRegex",
        "tl,ttl",
        "CA,ca"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(Nearest.to(written, KNOWN)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"scopesxyz", "port", "auth", "cb", "key", "x", "service", "tags"})
    void findsNothingNear(String written) {
        assertThat(Nearest.to(written, KNOWN)).isNull();
    }

    @Test
    void countsEdits() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    }
}
