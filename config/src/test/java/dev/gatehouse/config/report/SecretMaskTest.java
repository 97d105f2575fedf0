package dev.gatehouse.config.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.yaml.Source;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a file may be shown. */
final class SecretMaskTest {
    private static String shown(String text) {
        List<String> lines = text.lines().toList();
        return SecretMask.lines(new Source("f", lines), 1, lines.size()).stream()
                .map(MaskedLine::text)
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "password: hunter2|password: ***",
                "- password: hunter2|- password: ***",
                "password: 'hunter2',|password: '***',",
                "password: \"hun\\\"ter2\" # c|password: \"***\" # c",
                "password: 'hunter2|password: '***",
                "password: hunter2 # hunter2|password: ***",
                "password : hunter2|password : ***",
                "\"password\": \"hunter2\"|\"password\": \"***\"",
                "{user: bob, password: hunter2, x: 1}|{user: bob, password: ***, x: 1}",
                "{\"token\":\"hunter2\",\"x\":1}|{\"token\":\"***\",\"x\":1}",
                "authorization_value: 'Basic ${CRED}'|authorization_value: '***${CRED}'",
                "authorization_value: ${CRED}|authorization_value: ${CRED}",
                "authorization_value: '${CRED:-hunter2}'|authorization_value: '${CRED:-***}'",
                "secret: ${file:/run/s}|secret: ${file:/run/s}",
                "url: http://bob:hunter2@host/|url: http://bob:***@host/",
                "body: 'a=1&client_secret=hunter2&b=2'|body: 'a=1&client_secret=***&b=2'",
                "x: Bearer hunter2hunter2|x: Bearer ***",
                "# password: hunter2|# password: ***",
                "auth: 'bob:hunter2'|auth: '***'",
                "passwrd: hunter2|passwrd: ***",
                "port: 8080|port: 8080",
                "tokenType: opaque|tokenType: opaque",
                "tokens: [hunter2, hunter3]|tokens: ***"
            })
    void hidesSecretsOfALine(String line, String shown) {
        assertThat(shown(line)).isEqualTo(shown);
    }

    @Test
    void hidesBlocks() {
        assertThat(shown("a:\n  secret: |\n    hunter2\n\n    hunter3: x\n  b: 1"))
                .isEqualTo("a:\n  secret: |\n    ***\n\n    ***\n  b: 1");
    }

    @Test
    void hidesContinuations() {
        assertThat(shown("secret: hunter2\n  hunter3\nb: 1")).isEqualTo("secret: ***\n  ***\nb: 1");
    }

    @Test
    void hidesListsAtTheSameLevel() {
        assertThat(shown("tokens:\n- hunter2\n- 'hunter3'\nb: 1")).isEqualTo("tokens:\n- ***\n- ***\nb: 1");
    }

    @Test
    void hidesEverythingInsideASecret() {
        assertThat(shown("credentials:\n  value: hunter2\n  more:\n    - x: hunter3\nb: 1"))
                .isEqualTo("credentials:\n  value: ***\n  more:\n    - x: ***\nb: 1");
    }

    @Test
    void showsEndpointsWithSecretNames() {
        String file = "apiEndpoints:\n  token:\n    paths: /token\nserviceEndpoints:\n  auth:\n    url: http://auth\n"
                + "pipelines:\n  password:\n    policies: []";

        assertThat(shown(file)).isEqualTo(file);
    }

    @Test
    void showsTabsAndControlCharacters() {
        assertThat(shown("\ta: x\u001b[31m\u00a0y")).isEqualTo("→a: x·[31m·y");
    }

    @Test
    void movesPositionsWithTheMask() {
        MaskedLine line = new MaskedLine("k: 'secret', x", List.of(new MaskedLine.Region(4, 10)));

        assertThat(line.text()).isEqualTo("k: '***', x");
        assertThat(line.shown(11)).isEqualTo(8);
        assertThat(line.shown(6)).isEqualTo(4);
        assertThat(line.shownEnd(6)).isEqualTo(7);
        assertThat(line.shownEnd(12)).isEqualTo(9);
        assertThat(line.hides(0, 4)).isFalse();
        assertThat(line.hides(9, 11)).isTrue();
    }
}
