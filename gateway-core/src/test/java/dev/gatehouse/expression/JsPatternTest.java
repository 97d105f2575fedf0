package dev.gatehouse.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.expression.value.ExpressionFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsPatternTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "/u/2 || /u/3?u=/u/2 | true",
                "^/a/[^/]+$ || /a/b?c=1 | true",
                "^/a/[^/]+$ || /x/a/b | false",
                "/v[0-9]+/users || /V1/users | false",
                "/v[0-9]+/users | i | /V1/users | true",
                "\\.css$ || /admin?x=.css | true",
                "^/id-\\d{3}$ || /id-123 | true",
                "[^] || x | true"
            })
    void searchesLikeJavaScript(String source, String flags, String text, boolean found) {
        JsPattern pattern = JsPattern.compile(source, flags == null ? "" : flags);

        assertThat(pattern.find(text)).isEqualTo(found);
    }

    @Test
    void givesGroupsOfTheFirstMatch() {
        JsPattern pattern = JsPattern.compile("^/(?<a>[a-z]+)(/x)?/(\\d+)", "");

        assertThat(pattern.groups("/abc/12/34")).containsExactly("/abc/12", "abc", null, "12");
        assertThat(pattern.groups("none")).isNull();
    }

    @Test
    void refusesAPatternThatIsNotValid() {
        assertThatThrownBy(() -> JsPattern.compile("(", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsPattern.compile("a", "q")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToSearchForEver() {
        JsPattern pattern = JsPattern.compile("(a+)+$", "");

        assertThatThrownBy(() -> pattern.find("a".repeat(60) + "!"))
                .isInstanceOfSatisfying(
                        ExpressionFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ExpressionFailure.Kind.LIMIT));
        assertThat(pattern.find("aaa")).isTrue();
    }
}
