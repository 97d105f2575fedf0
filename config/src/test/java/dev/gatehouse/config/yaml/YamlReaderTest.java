package dev.gatehouse.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** YAML as js-yaml 3 reads it, with the place of everything. */
final class YamlReaderTest {
    private static Document read(String... lines) {
        return new YamlReader(Map.of(), path -> null).read("f.yml", String.join("\n", lines));
    }

    private static @Nullable Object plain(String... lines) {
        Document document = read(lines);
        assertThat(document.faults()).isEmpty();
        return document.root() == null ? null : document.root().plain();
    }

    private static List<String> codes(Document document) {
        return document.faults().stream().map(Fault::code).toList();
    }

    @Nested
    final class Keys {
        @Test
        void areTexts() {
            assertThat(plain("yes: 1", "0777: 2", "true: 3", "1.50: 4", "~: 5", "'08': 6", "on: 7"))
                    .isEqualTo(Map.of("yes", 1L, "511", 2L, "true", 3L, "1.5", 4L, "null", 5L, "08", 6L, "on", 7L));
        }

        @Test
        void keepTheOrderOfTheFileAlsoWhenTheyLookLikeNumbers() {
            Node root = Objects.requireNonNull(read("zz: 1", "2: 2", "1: 3").root());

            assertThat(((Node.Mapping) root).entries())
                    .extracting(Node.Entry::key)
                    .containsExactly("zz", "2", "1");
        }

        @Test
        void refusesDuplicatesAndNamesBothPlaces() {
            Document document = read("a: 1", "b: 2", "a: 3");

            assertThat(document.faults()).singleElement().satisfies(fault -> {
                assertThat(fault.code()).isEqualTo("E0103");
                assertThat(fault.span().line()).isEqualTo(3);
                assertThat(fault.hints()).containsExactly("the first one is in line 1, column 1.");
            });
        }

        @Test
        void refusesKeysThatBecomeTheSameText() {
            assertThat(codes(read("0x1F: 1", "31: 2"))).containsExactly("E0103");
        }
    }

    @Nested
    final class MergeKeys {
        @Test
        void neverReplaceWrittenKeys() {
            assertThat(plain("b: &b {x: 1, y: 2}", "c: {y: 3, <<: *b, z: 4}"))
                    .isEqualTo(Map.of("b", Map.of("x", 1L, "y", 2L), "c", Map.of("y", 3L, "x", 1L, "z", 4L)));
        }

        @Test
        void giveWayToKeysWrittenBelow() {
            assertThat(plain("b: &b {x: 1}", "c:", "  <<: *b", "  x: 2"))
                    .isEqualTo(Map.of("b", Map.of("x", 1L), "c", Map.of("x", 2L)));
        }

        @Test
        void takeTheFirstOfSeveral() {
            assertThat(plain("- &a {x: 1}", "- &b {x: 2, y: 2}", "- {<<: [*a, *b]}"))
                    .isEqualTo(List.of(Map.of("x", 1L), Map.of("x", 2L, "y", 2L), Map.of("x", 1L, "y", 2L)));
        }

        @Test
        void areOrdinaryKeysInQuotes() {
            assertThat(plain("'<<': 1")).isEqualTo(Map.of("<<", 1L));
        }

        @Test
        void refusesWhatIsNoMapping() {
            assertThat(codes(read("<<: [1]"))).containsExactly("E0108");
        }
    }

    @Nested
    final class Tags {
        @Test
        void knowRegularExpressions() {
            assertThat(plain("- !!js/regexp /^a\\/b$/gi", "- !!js/regexp a.b", "- !!js/regexp '/x/'"))
                    .isEqualTo(List.of(new JsRegExp("^a\\/b$", "gi"), new JsRegExp("a.b", ""), new JsRegExp("x", "")));
        }

        @Test
        void convertBasicTypes() {
            assertThat(plain("- !!str 1", "- !!int '7'", "- !!float 1", "- !!bool 'true'", "- ! x"))
                    .isEqualTo(List.of("1", 7L, 1L, true, "x"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "!!js/function 'x'",
                    "!!js/undefined ''",
                    "!!java.net.URL [x]",
                    "!local x",
                    "!!binary YQ==",
                    "!!set {a}",
                    "!!int x",
                    "!!js/regexp /a/gimg",
                    "!!js/regexp /a",
                    "!!python/object {}"
                })
        void refusesEverythingElse(String value) {
            assertThat(codes(read("a: " + value))).containsExactly("E0110");
        }
    }

    @Nested
    final class Tabs {
        @Test
        void separateTokensAsInJsYaml() {
            assertThat(plain("a:\t1", "b: [1,\t2]\t# c", "c:\t\t{x:\t1}\t", "d:\t'x'"))
                    .isEqualTo(Map.of("a", 1L, "b", List.of(1L, 2L), "c", Map.of("x", 1L), "d", "x"));
        }

        @Test
        void stayInsideTexts() {
            assertThat(plain("a: 'x\ty'", "b: |", "  x\ty", "c: x\ty"))
                    .isEqualTo(Map.of("a", "x\ty", "b", "x\ty\n", "c", "x\ty"));
        }

        @Test
        void standOnEmptyLines() {
            assertThat(plain("a: 1", "\t", "b: 2")).isEqualTo(Map.of("a", 1L, "b", 2L));
        }

        @Test
        void refusesThemAsIndentation() {
            assertThat(codes(read("a:", "\tb: 1"))).containsExactly("E0101");
        }
    }

    @Nested
    final class Limits {
        @Test
        void readsSixtyFourLevels() {
            assertThat(codes(read("[".repeat(64) + "]".repeat(64)))).isEmpty();
        }

        @Test
        void refusesSixtyFiveLevels() {
            assertThat(codes(read("[".repeat(65) + "]".repeat(65)))).containsExactly("E0109");
        }

        @Test
        void refusesAliasesThatStandForMillions() {
            StringBuilder bomb = new StringBuilder("a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
            for (int i = 1; i < 9; i++) {
                bomb.append("a%d: &a%d [%s]\n"
                        .formatted(
                                i,
                                i,
                                String.join(
                                        ",",
                                        Arrays.asList(("*a" + (i - 1) + " ")
                                                .repeat(10)
                                                .strip()
                                                .split(" ")))));
            }

            assertThat(codes(read(bomb.toString()))).containsExactly("E0108");
        }

        @Test
        void readsManyOrdinaryAliases() {
            String text = "a: &a {x: 1}\nb: [" + "*a, ".repeat(5_000) + "*a]\n";

            assertThat(codes(read(text))).isEmpty();
        }

        @Test
        void refusesFilesOfMoreThanSixteenMebibytes() {
            byte[] bytes = new byte[16 * 1024 * 1024 + 1];
            Arrays.fill(bytes, (byte) '#');

            assertThat(codes(new YamlReader(Map.of(), path -> null).read("f.yml", bytes)))
                    .containsExactly("E0104");
        }
    }

    @Nested
    final class Places {
        @Test
        void countCharactersAndNotHalves() {
            Node.Mapping root = (Node.Mapping)
                    Objects.requireNonNull(read("'😀é': {x: 😀 y}").root());
            Node.Entry entry =
                    ((Node.Mapping) root.entries().get(0).value()).entries().get(0);

            assertThat(entry.keySpan().column()).isEqualTo(8);
            assertThat(entry.value().span().column()).isEqualTo(11);
            assertThat(entry.value().span().endColumn()).isEqualTo(14);
        }

        @Test
        void surviveEveryLineEnd() {
            Document document = read("a: 1\r\nb: 2\rc: 3\nd: 4");
            Node.Mapping root = (Node.Mapping) Objects.requireNonNull(document.root());

            assertThat(root.entries())
                    .extracting(entry -> entry.keySpan().line())
                    .containsExactly(1, 2, 3, 4);
            assertThat(document.source().lines()).containsExactly("a: 1", "b: 2", "c: 3", "d: 4");
        }

        @Test
        void leaveOutTheLinesAfterABlock() {
            Node.Mapping root = (Node.Mapping) Objects.requireNonNull(
                    read("a:", "  b: 1", "", "# c", "d: 2").root());
            Span span = root.entries().get(0).value().span();

            assertThat(List.of(span.line(), span.column())).containsExactly(2, 3);
        }
    }

    @Test
    void readsJson() {
        assertThat(plain("{\"a\": [1, 2.5, true, null, \"x\\u0041\"], \"b\": {}}"))
                .isEqualTo(Map.of("a", Arrays.asList(1L, 2.5, true, null, "xA"), "b", Map.of()));
    }

    @Test
    void neverPrintsValues() {
        Document document = read("password: hunter2", "x: [hunter2]");

        assertThat(document.toString()).doesNotContain("hunter2");
    }

    @Test
    void neverThrowsForBrokenFiles() {
        var random = new java.util.Random(7);
        String signs = "ab:-, \n\t'\"[]{}#&*!|>%@`?$\\\u00a0😀\r\u0000";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(30); length >= 0; length--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }

            Document document = read(text.toString());

            assertThat(document.faults()).allSatisfy(fault -> {
                assertThat(fault.span().line())
                        .isBetween(1, document.source().lines().size());
                assertThat(fault.message()).isNotEmpty();
            });
        }
    }
}
