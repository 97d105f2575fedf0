package dev.gatehouse.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** References to the environment and to files. */
final class SubstitutionTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("A", "1", "E", "", "URL", "http://x:80/?a=b#c");
    private static final Map<String, String> FILES = Map.of("/run/secret", "a: b # c\n[", "name", "file text");

    private static Document read(String text) {
        return new YamlReader(ENVIRONMENT, FILES::get).read("f.yml", text);
    }

    private static @Nullable Object value(String text) {
        Document document = read("k: " + text);
        assertThat(document.faults()).isEmpty();
        return ((Node.Mapping) Objects.requireNonNull(document.root()))
                .entries()
                .get(0)
                .value()
                .plain();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${A}|1",
                "\\${A}|\\1",
                "x${E}y|xy",
                "x${E:-d}y|xy",
                "x${U:-}y|xy",
                "${U:-d}|d",
                "${U:-http://x:80/?a=b}|http://x:80/?a=b",
                "${U:-a}b}|ab}",
                "${U:-${A}}|${A}",
                "$${A}|${A}",
                "$$${A}|$${A}",
                "${A:-d}|1",
                "${ A }|${ A }",
                "${a.b}|${a.b}",
                "${A-d}|${A-d}",
                "$A|$A",
                "${file:-d}|d",
                "$${file:name}|${file:name}",
                "<${file:name}>|<file text>"
            })
    void replacesReferencesInText(String written, String reads) {
        assertThat(value("'" + written + "'")).isEqualTo(reads);
    }

    @Test
    void takesTheTypeOfWhatIsInserted() {
        assertThat(value("${A}")).isEqualTo(1L);
        assertThat(value("${U:-[1, two]}")).isEqualTo(List.of(1L, "two"));
        assertThat(value("${E}")).isNull();
    }

    @Test
    void neverTakesFileContentForYaml() {
        assertThat(value("${file:/run/secret}")).isEqualTo("a: b # c\n[");
        assertThat(value("'<${file:/run/secret}>'")).isEqualTo("<a: b # c\n[>");
    }

    @Test
    void replacesInKeysAndComments() {
        Document document = read("# ${A}\nk${A}: ${A}");

        assertThat(Objects.requireNonNull(document.root()).plain()).isEqualTo(Map.of("k1", 1L));
    }

    @Nested
    final class WithoutAValue {
        @ParameterizedTest
        @ValueSource(
                strings = {"k: ${U}", "k: 'a ${U} b'", "k: [1, {x: ${U}}]", "${U}: 1", "k: &${U} 1", "k: \"\n${U}\""})
        void refusesTheStart(String text) {
            assertThat(read(text).faults()).extracting(Fault::code).containsExactly("E0105");
        }

        @Test
        void namesTheOption() {
            assertThat(read("a:\n  - b: x${U}").faults()).singleElement().satisfies(fault -> {
                assertThat(fault.path()).isEqualTo("a[0].b");
                assertThat(fault.span().line()).isEqualTo(2);
                assertThat(fault.span().column()).isEqualTo(9);
                assertThat(fault.span().endColumn()).isEqualTo(13);
            });
        }

        @Test
        void warnsInComments() {
            assertThat(read("a: 1 # ${U}\n# ${U}\n#${file:none}").faults())
                    .extracting(Fault::code)
                    .containsExactly("W0105", "W0105", "W0105");
        }

        @Test
        void namesThemAlsoWhenTheRestIsBroken() {
            assertThat(read("a: ${U}\n# ${V}\nb: [").faults())
                    .extracting(Fault::code)
                    .containsExactly("E0105", "E0102");
        }

        @Test
        void refusesMissingFiles() {
            assertThat(read("a: ${file:/none}").faults())
                    .extracting(Fault::code)
                    .containsExactly("E0106");
        }
    }

    @Nested
    final class InTemplates {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "- log: {action: {message: 'id ${requestID}'}}",
                    "- log: [{action: {message: ${requestID}}}]",
                    "- rate-limit: {action: {rateLimitBy: '${consumer}'}}",
                    "- rate-limit: {action: {rateLimitBy: ${apiEndpoint}}}"
                })
        void leavesWordsOfTheContextAlone(String text) {
            Document document = read(text);

            assertThat(document.faults()).isEmpty();
            assertThat(String.valueOf(Objects.requireNonNull(document.root()).plain()))
                    .contains("${");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "- log: {action: {message: 'id ${somethingElse}'}}",
                    "- terminate: {action: {message: '${requestID}'}}",
                    "- log: {action: {other: '${req}'}}"
                })
        void refusesOtherWordsAndOtherPlaces(String text) {
            assertThat(read(text).faults()).extracting(Fault::code).containsExactly("E0105");
        }

        @Test
        void replacesAWordThatIsSet() {
            Document document =
                    new YamlReader(Map.of("req", "set"), path -> null).read("f.yml", "log: {message: '${req}'}");

            assertThat(Objects.requireNonNull(document.root()).plain())
                    .isEqualTo(Map.of("log", Map.of("message", "set")));
        }
    }

    /** Files of random references: each value must be found where it is written. */
    @Test
    void keepsPlacesThroughReplacement() {
        Random random = new Random(11);
        List<String> pieces =
                List.of("x", "${A}", "${E}", "${U:-default text}", "${file:name}", "$${A}", "${LONG}", "é😀", "y z");
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("LONG", "l".repeat(300));
        YamlReader reader = new YamlReader(environment, FILES::get);
        for (int round = 0; round < 300; round++) {
            List<String> values = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < 12; line++) {
                StringBuilder value = new StringBuilder("'");
                for (int i = random.nextInt(4); i >= 0; i--) {
                    value.append(pieces.get(random.nextInt(pieces.size())));
                }
                values.add(value.append("'").toString());
                text.append("# ${LONG} ${E}\nk")
                        .append(line)
                        .append(": ")
                        .append(value)
                        .append(random.nextBoolean() ? "\r\n" : "\n");
            }

            Document document = reader.read("f.yml", text.toString());

            Node.Mapping root = (Node.Mapping) Objects.requireNonNull(document.root());
            for (int line = 0; line < 12; line++) {
                Node.Entry entry = root.entries().get(line);
                assertThat(written(document, entry.keySpan())).isEqualTo("k" + line);
                assertThat(written(document, entry.value().span())).isEqualTo(values.get(line));
            }
        }
    }

    private static String written(Document document, Span span) {
        assertThat(span.line()).isEqualTo(span.endLine());
        String line = document.source().lines().get(span.line() - 1);
        return line.substring(
                line.offsetByCodePoints(0, span.column() - 1), line.offsetByCodePoints(0, span.endColumn() - 1));
    }
}
