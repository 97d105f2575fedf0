package dev.gatehouse.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain scalars by the rules of js-yaml 3. */
final class ScalarDialectTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
    void readsNothing(String text) {
        assertThat(ScalarDialect.value(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"true,true", "True,true", "TRUE,true", "false,false", "False,false", "FALSE,false"})
    void readsTruthValues(String text, boolean value) {
        assertThat(ScalarDialect.value(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0,0",
        "+7,7",
        "-7,-7",
        "8080,8080",
        "0777,511",
        "-0777,-511",
        "00,0",
        "1_000,1000",
        "0b11,3",
        "0x1F,31",
        "0x1_F,31",
        "-0x10,-16",
        "190:20:30,685230",
        "1:30,90",
        "-1:30,-90",
        "9223372036854775807,9223372036854775807"
    })
    void readsWholeNumbers(String text, long value) {
        assertThat(ScalarDialect.value(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        ".5,0.5",
        "0.,0",
        "1.5,1.5",
        "-1.5,-1.5",
        "1e3,1000",
        "1.5e-3,0.0015",
        "6.8523015e+5,685230.15",
        "1_000.5,1000.5",
        "190:20:30.15,685230.15",
        ".inf,Infinity",
        "-.INF,-Infinity",
        "+.Inf,Infinity",
        ".nan,NaN",
        ".NaN,NaN",
        "9223372036854775808,9223372036854775807"
    })
    void readsFractions(String text, double value) {
        assertThat(ScalarDialect.value(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "no",
                "on",
                "off",
                "y",
                "n",
                "Yes",
                "NO",
                "0o777",
                "08",
                "09",
                "-.5",
                "+.5",
                "1_",
                "_1",
                "0x",
                "0b",
                "0b2",
                "0xg",
                "1:60",
                "1:",
                ":1",
                "--1",
                "1.2.3",
                "127.0.0.1",
                "1,5",
                "tRUE",
                "nULL",
                "-",
                "+",
                ".",
                "..",
                "1e",
                "12px",
                "2020-13-01",
                "2020-1-1",
                "=",
                "<<"
            })
    void keepsText(String text) {
        assertThat(ScalarDialect.value(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "2001-12-14,2001-12-14T00:00:00.000Z",
        "2001-12-15T02:59:43.1Z,2001-12-15T02:59:43.100Z",
        "2001-12-14t21:59:43.10-05:00,2001-12-15T02:59:43.100Z",
        "2001-12-14 21:59:43.10 -5,2001-12-15T02:59:43.100Z",
        "2001-12-15 2:59:43.1234,2001-12-15T02:59:43.123Z"
    })
    void readsTimesAsTheirIsoText(String text, String iso) {
        assertThat(ScalarDialect.value(text)).isEqualTo(iso);
    }

    @ParameterizedTest
    @CsvSource({
        "1.0,1",
        "1.50,1.5",
        "1e3,1000",
        "1e21,1e+21",
        "1.5e300,1.5e+300",
        "1e-7,1e-7",
        "1e-6,0.000001",
        "-2.5e-9,-2.5e-9",
        "123456789012345680000,123456789012345680000",
        "0.1,0.1",
        "-0.0,0"
    })
    void printsNumbersAsJavaScriptDoes(double number, String text) {
        assertThat(JsNumber.text(number)).isEqualTo(text);
    }

    @Test
    void printsWhatIsNoNumber() {
        assertThat(List.of(JsNumber.text(Double.NaN), JsNumber.text(Double.NEGATIVE_INFINITY)))
                .containsExactly("NaN", "-Infinity");
    }

    @Test
    void neverThrows() {
        var random = new java.util.Random(42);
        String signs = "0123456789_:.-+eExXbTZ ~aInNfF";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length >= 0; length--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }

            @Nullable Object value = ScalarDialect.value(text.toString());

            assertThat(value)
                    .satisfiesAnyOf(
                            v -> assertThat(v).isNull(),
                            v -> assertThat(v).isInstanceOfAny(String.class, Long.class, Double.class, Boolean.class));
        }
    }
}
