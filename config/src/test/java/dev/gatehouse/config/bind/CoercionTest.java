package dev.gatehouse.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scalars and the types they become, as ajv does it for Express Gateway. */
final class CoercionTest {
    record WholeNumber(@Doc("x") int v) {}

    record LongNumber(@Doc("x") long v) {}

    record Fraction(@Doc("x") double v) {}

    record Truth(@Doc("x") boolean v) {}

    record Text(@Doc("x") String v) {}

    record Seconds(@Doc("x") @Unit(ChronoUnit.SECONDS) Duration v) {}

    record Millis(@Doc("x") Duration v) {}

    record Address(@Doc("x") URI v) {}

    record FileName(@Doc("x") Path v) {}

    record Choice(@Doc("x") Colour v) {
        enum Colour {
            RED,
            DARK_BLUE
        }
    }

    record Limit(@Doc("x") @Default("9") @Nullable Long v) {}

    private final RecordFixture fixture = new RecordFixture();

    @ParameterizedTest
    @CsvSource({
        "8080,8080",
        "'8080',8080",
        "'\"0x50\"',80",
        "0x50,80",
        "true,1",
        "false,0",
        "'',0",
        "null,0",
        "8080.0,8080",
        "'\"1e3\"',1000",
        "'\" 12 \"',12",
        "-5,-5",
        "0777,511",
        "'\"0b11\"',3",
        "'\"0o17\"',15"
    })
    void makesWholeNumbers(String written, int value) {
        assertThat(fixture.bound(WholeNumber.class, "v: " + written).v()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''",
                "abc",
                "8080.5",
                "2147483648",
                "'1e400'",
                "yes",
                "'8080x'",
                "'1_000'",
                ".inf",
                ".nan",
                "[1]",
                "{a: 1}",
                "!!js/regexp /1/",
                "'0777x'",
                "'1e2147483647'"
            })
    void refusesWhatIsNoWholeNumber(String written) {
        assertThat(fixture.bind(WholeNumber.class, "v: " + written)).isNull();
        assertThat(fixture.codes()).singleElement().isIn("E0202", "E0203");
    }

    @Test
    void makesLongNumbersUpToTheirLimit() {
        assertThat(fixture.bound(LongNumber.class, "v: 9223372036854775807").v())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesNumbersBeyondTheLimit() {
        assertThat(fixture.bind(LongNumber.class, "v: 9223372036854775808")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1.5,1.5", "'\".5\"',0.5", "2,2", "true,1", "null,0", "'\"1.5e1\"',15"})
    void makesFractions(String written, double value) {
        assertThat(fixture.bound(Fraction.class, "v: " + written).v()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "true,true",
        "false,false",
        "'\"true\"',true",
        "'\"false\"',false",
        "1,true",
        "0,false",
        "1.0,true",
        "null,false",
        "'',false"
    })
    void makesTruthValues(String written, boolean value) {
        assertThat(fixture.bound(Truth.class, "v: " + written).v()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "on", "maybe", "'True'", "2", "''", "'1'", "[]"})
    void refusesWhatIsNoTruthValue(String written) {
        assertThat(fixture.bind(Truth.class, "v: " + written)).isNull();
        assertThat(fixture.codes()).singleElement().isIn("E0202", "E0203");
    }

    @ParameterizedTest
    @CsvSource({
        "abc,abc",
        "8080,8080",
        "true,true",
        "null,''",
        "'',''",
        "0x1F,31",
        "1.50,1.5",
        "007,7",
        "1e21,1e+21",
        "yes,yes",
        "2020-01-01,2020-01-01",
        "'\"a b\"',a b"
    })
    void makesTexts(String written, String value) {
        assertThat(fixture.bound(Text.class, "v: " + written).v()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a]", "{a: b}", "!!js/regexp /a/"})
    void refusesWhatIsNoText(String written) {
        assertThat(fixture.bind(Text.class, "v: " + written)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "60,PT1M",
        "'\"60\"',PT1M",
        "500ms,PT0.5S",
        "2s,PT2S",
        "1m,PT1M",
        "1h,PT1H",
        "1d,PT24H",
        "1.5,PT1.5S",
        "1.5s,PT1.5S",
        "0,PT0S",
        "-1,PT-1S",
        "null,PT0S",
        "5 m,PT5M"
    })
    void makesDurationsOfSeconds(String written, Duration value) {
        assertThat(fixture.bound(Seconds.class, "v: " + written).v()).isEqualTo(value);
    }

    @Test
    void makesDurationsOfMillisecondsWithoutAUnit() {
        assertThat(fixture.bound(Millis.class, "v: 1500").v()).isEqualTo(Duration.ofMillis(1500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "1x", "1 minute", "'1e300'", "99999999999d", ".inf", "''", "-1s", "1m30s"})
    void refusesWhatIsNoDuration(String written) {
        assertThat(fixture.bind(Seconds.class, "v: " + written)).isNull();
        assertThat(fixture.messages())
                .singleElement()
                .asString()
                .startsWith("'top.v': expected a number of seconds or a duration such as 30s, found");
    }

    @Test
    void makesUrlsAndFileNames() {
        assertThat(fixture.bound(Address.class, "v: https://h/p?q=1").v()).isEqualTo(URI.create("https://h/p?q=1"));
        assertThat(fixture.bound(FileName.class, "v: a/b.pem").v()).isEqualTo(Path.of("a/b.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a url", "localhost", "/path", "''", "'http://[::1'"})
    void refusesWhatIsNoUrl(String written) {
        assertThat(fixture.bind(Address.class, "v: " + written)).isNull();
    }

    @Test
    void refusesWhatIsNoFileName() {
        assertThat(fixture.bind(FileName.class, "v: ''")).isNull();
        assertThat(fixture.bind(FileName.class, "v: \"a\\0b\"")).isNull();
    }

    @Test
    void makesConstantsOfTheirKebabCase() {
        assertThat(fixture.bound(Choice.class, "v: dark-blue").v()).isEqualTo(Choice.Colour.DARK_BLUE);
    }

    @Test
    void refusesOtherConstantsAndNamesTheNearest() {
        assertThat(fixture.bind(Choice.class, "v: DARK_BLUE")).isNull();
        assertThat(fixture.problems().all()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).isEqualTo("'top.v': expected one of red, dark-blue, found \"DARK_BLUE\"");
            assertThat(problem.hints()).containsExactly("did you mean 'dark-blue'?");
        });
    }

    @Test
    void readsUnlimitedAsNull() {
        assertThat(fixture.bound(Limit.class, "v: unlimited").v()).isNull();
        assertThat(fixture.bound(Limit.class, "v: 5").v()).isEqualTo(5);
        assertThat(fixture.bound(Limit.class, "x-a: 1").v()).isEqualTo(9);
    }

    @Test
    void refusesUnlimitedWhereNothingIsUnlimited() {
        assertThat(fixture.bind(WholeNumber.class, "v: unlimited")).isNull();
    }
}
