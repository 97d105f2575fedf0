package dev.gatehouse.config.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.yaml.Document;
import dev.gatehouse.config.yaml.JsRegExp;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mappings and the records they become. */
final class RecordBinderTest {
    record Inner(
            @Doc("x") String host, @Doc("x") @Default("80") int port) {}

    record Named(@Doc("x") @Name String name, @Doc("x") int size) {}

    record Kinds(
            @Doc("x") @Nullable List<String> list,
            @Doc("x") @Nullable Set<Integer> set,
            @Doc("x") @Nullable Map<String, Integer> map,
            @Doc("x") @Nullable Inner inner,
            @Doc("x") @Nullable List<Inner> inners,
            @Doc("x") @Nullable Map<String, Named> named,
            @Doc("x") @Nullable List<Named> numbered,
            @Doc("x") @OneOrMany @Nullable List<String> many,
            @Doc("x") @Nullable Located<String> located,
            @Doc("x") @Nullable Secret secret,
            @Doc("x") @Nullable Object any,
            @Doc("x") @Nullable Node node,
            @Doc("x") Node.@Nullable Mapping mapping,
            @Doc("x") @Key("other-name") @Nullable String renamed,
            @Doc("x") @Alias("old") @Nullable String current) {}

    record Ruled(
            @Doc("x") @Default("60") int ttl,
            @Doc("x") @Default("a") String word) {
        Ruled {
            if (ttl < 0) {
                throw new IllegalArgumentException("ttl: " + ttl + " (expected: zero or more)");
            }
            if (word.equals("bad") && ttl > 5) {
                throw new IllegalArgumentException("a bad word needs a ttl of at most 5");
            }
            if (word.equals("bug")) {
                throw new IllegalStateException("not the reader's fault");
            }
        }
    }

    enum Mode {
        OFF,
        AUTO
    }

    record Switch(
            @Doc("x") @Shorthand @Default("auto") Mode mode,
            @Doc("x") @Default("60") int age) {}

    record Switches(
            @Doc("x") @Default("auto") Switch first,
            @Doc("x") @Default("off") Switch second) {}

    record Renamed(
            @Doc("x") @Default("d") @Alias(value = "hostname", deprecated = true)
            String host) {}

    record Required(
            @Doc("x") String a,
            @Doc("x") List<String> b,
            @Doc("x") Inner c) {}

    private final RecordFixture fixture = new RecordFixture();

    @Nested
    final class Values {
        private Kinds bound(String yaml) {
            return fixture.bound(Kinds.class, yaml);
        }

        @Test
        void bindCollections() {
            assertThat(bound("list: [a, 1, true]").list()).containsExactly("a", "1", "true");
            assertThat(bound("set: [2, 1, '2']").set()).containsExactly(2, 1);
            assertThat(bound("map: {b: 1, a: '2'}").map()).isEqualTo(Map.of("b", 1, "a", 2));
        }

        @Test
        void areUnmodifiable() {
            List<String> list = Objects.requireNonNull(bound("list: [a]").list());

            assertThatThrownBy(() -> list.add("b")).isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void bindNestedRecords() {
            assertThat(bound("inner: {host: h}").inner()).isEqualTo(new Inner("h", 80));
            assertThat(bound("inners: [{host: h, port: '1'}]").inners()).containsExactly(new Inner("h", 1));
        }

        @Test
        void giveRecordsTheirNames() {
            assertThat(bound("named: {a: {size: 1}}").named()).isEqualTo(Map.of("a", new Named("a", 1)));
            assertThat(bound("numbered: [{size: 1}, {size: 2}]").numbered())
                    .containsExactly(new Named("#1", 1), new Named("#2", 2));
        }

        @Test
        void bindOneOrMany() {
            assertThat(bound("many: x").many()).containsExactly("x");
            assertThat(bound("many: [x, y]").many()).containsExactly("x", "y");
        }

        @Test
        void bindPlacesAndSecrets() {
            Located<String> located =
                    Objects.requireNonNull(bound("x-a: 1\nlocated: here").located());

            assertThat(located.value()).isEqualTo("here");
            assertThat(List.of(located.span().line(), located.span().column())).containsExactly(2, 10);
            assertThat(Objects.requireNonNull(bound("secret: hunter2").secret()).reveal())
                    .isEqualTo("hunter2");
            assertThat(bound("secret: hunter2").toString()).doesNotContain("hunter2");
        }

        @Test
        void bindWhatHasNoType() {
            assertThat(bound("any: {a: [1, null, !!js/regexp /x/i]}").any())
                    .isEqualTo(Map.of("a", Arrays.asList(1L, null, new JsRegExp("x", "i"))));
            assertThat(bound("node: [1]").node()).isInstanceOf(Node.Sequence.class);
            assertThat(bound("mapping: {a: 1}").mapping()).isInstanceOf(Node.Mapping.class);
        }

        @Test
        void bindOtherNames() {
            assertThat(bound("other-name: x").renamed()).isEqualTo("x");
            assertThat(bound("old: x").current()).isEqualTo("x");
            assertThat(bound("old: x\ncurrent: y").current()).isEqualTo("y");
        }

        @Test
        void areNullWhenAbsentOrNull() {
            assertThat(bound("list:\ninner: ~\nnode:\nother-name:").list()).isNull();
            assertThat(bound("x-a: 1").secret()).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "list: a",
                    "list: {a: 1}",
                    "map: [1]",
                    "map: x",
                    "inner: x",
                    "inner: [1]",
                    "inners: {a: 1}",
                    "mapping: [1]",
                    "mapping: x",
                    "located: [1]",
                    "named: [1]"
                })
        void refusesAnotherKind(String yaml) {
            assertThat(fixture.bind(Kinds.class, yaml)).isNull();
            assertThat(fixture.codes()).isNotEmpty().allMatch(code -> code.equals("E0202") || code.equals("E0203"));
        }

        @Test
        void refusesSingleItems() {
            assertThat(fixture.bind(Kinds.class, "set: [1, x, 3, y]")).isNull();
            assertThat(fixture.problems().all()).extracting(Problem::path).containsExactly("top.set[1]", "top.set[3]");
        }
    }

    @Nested
    final class Missing {
        @Test
        void refusesAllAtOnceWithWhatTheyAre() {
            assertThat(fixture.bind(Required.class, "x-a: 1")).isNull();
            assertThat(fixture.messages())
                    .containsExactly(
                            "'a' of thing 'x' is missing",
                            "'b' of thing 'x' is missing",
                            "'c' of thing 'x' is missing");
            assertThat(fixture.problems().all())
                    .flatExtracting(Problem::hints)
                    .containsExactly("add 'a', a text.", "add 'b', a list.", "add 'c', a mapping.");
        }

        @Test
        void pointsAtTheNestedMapping() {
            assertThat(fixture.bind(Required.class, "a: x\nb: []\nc: {port: 1}"))
                    .isNull();
            assertThat(fixture.problems().all()).singleElement().satisfies(problem -> {
                assertThat(problem.path()).isEqualTo("top.c.host");
                assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(3);
            });
        }
    }

    @Nested
    final class Rules {
        @Test
        void ofOneKeyPointAtItsValue() {
            assertThat(fixture.bind(Ruled.class, "word: a\nttl: -5")).isNull();
            assertThat(fixture.problems().all()).singleElement().satisfies(problem -> {
                assertThat(problem.message()).isEqualTo("'top.ttl': -5 (expected: zero or more)");
                assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(2);
                assertThat(problem.span().column()).isEqualTo(6);
            });
        }

        @Test
        void betweenKeysPointAtTheWhole() {
            assertThat(fixture.bind(Ruled.class, "word: bad")).isNull();
            assertThat(fixture.messages()).containsExactly("thing 'x': a bad word needs a ttl of at most 5");
        }

        @Test
        void doNotHideBugs() {
            assertThatThrownBy(() -> fixture.bind(Ruled.class, "word: bug")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void warnsOfOldNamesAndLetsThemWin() {
        Renamed bound = fixture.bind(Renamed.class, "host: a\nhostname: b");

        assertThat(bound).isEqualTo(new Renamed("b"));
        assertThat(fixture.codes()).containsExactly("W0205");
    }

    @Test
    void refusesValuesThatAVariableLeavesOut() {
        assertThat(fixture.bind(Ruled.class, "ttl: ${SET}\nword: ${UNSET}")).isNull();
        assertThat(fixture.messages())
                .containsExactly("environment variable 'UNSET' is not set, and 'top.word' must be a text");
    }

    @Nested
    class WordsForMappings {
        @Test
        void standForTheMarkedKey() {
            Switches bound = fixture.bound(Switches.class, "first: off");

            assertThat(bound.first()).isEqualTo(new Switch(Mode.OFF, 60));
            assertThat(bound.second()).isEqualTo(new Switch(Mode.OFF, 60));
        }

        @Test
        void standBesideTheMappingItself() {
            Switches bound = fixture.bound(Switches.class, "first: {age: 5}\nsecond: {mode: auto}");

            assertThat(bound).isEqualTo(new Switches(new Switch(Mode.AUTO, 5), new Switch(Mode.AUTO, 60)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"first: of", "first: [off]", "first: 7", "first: {mode: of}"})
        void refusesWhatTheMarkedKeyRefuses(String yaml) {
            assertThat(fixture.bind(Switches.class, "second: auto\n" + yaml)).isNull();
            assertThat(Objects.requireNonNull(fixture.problems().all().get(0).span())
                            .line())
                    .isEqualTo(2);
        }
    }

    @Test
    void knowsTheKeysOfARecord() {
        assertThat(RecordBinder.keys(Renamed.class)).containsExactly("host", "hostname");
        assertThat(RecordBinder.keys(Named.class)).containsExactly("size");
    }

    @Test
    void bindsNothingToDefaults() {
        Ruled bound = new RecordBinder(new Problems(), BindOptions.DEFAULT)
                .bind(
                        null,
                        new dev.gatehouse.config.yaml.Span(
                                new dev.gatehouse.config.yaml.Source("f", List.of()), 1, 1, 1, 1),
                        "",
                        "x",
                        Ruled.class);

        assertThat(bound).isEqualTo(new Ruled(60, "a"));
    }

    @Test
    void neverShowsSecretValues() {
        record Credentials(
                @Doc("x") @Nullable Secret pin,
                @Doc("x") int passwordLength,
                @Doc("x") List<String> tokens) {}

        fixture.bind(Credentials.class, "pin: [hunter2]\npasswordLength: hunter2\ntokens: hunter2");

        assertThat(fixture.codes()).hasSize(3);
        assertThat(fixture.problems().all().toString()).doesNotContain("hunter2");
    }

    @Nested
    class SecretsInFiles {
        @TempDir
        private Path folder;

        private final List<Path> asked = new ArrayList<>();

        record Keys(
                @Doc("x") @Nullable Secret pin,
                @Doc("x") @Default("{}") Map<String, Secret> more) {}

        private @Nullable Keys bind(String yaml) {
            Document document = new YamlReader(Map.of("NAME", "pin"), Path.of("")).read("f.yml", yaml);
            Node.Mapping node = (Node.Mapping) Objects.requireNonNull(document.root());
            return new RecordBinder(fixture.problems(), BindOptions.DEFAULT, named -> {
                        asked.add(named);
                        return folder.resolve(named);
                    })
                    .bind(node, node.span(), "top", "thing 'x'", Keys.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"s3cret%:&", "s3cret%:&\n", "s3cret%:&\r\n"})
        void areReadWithoutTheirLineEnd(String content) throws IOException {
            Files.writeString(folder.resolve("pin"), content);

            Keys keys = bind("pin: {file: pin}\nmore: {a: {file: '${NAME}'}}");

            assertThat(fixture.messages()).isEmpty();
            assertThat(Objects.requireNonNull(keys).pin()).isEqualTo(new Secret("s3cret%:&"));
            assertThat(keys.more()).containsEntry("a", new Secret("s3cret%:&"));
            assertThat(asked).containsExactly(Path.of("pin"), Path.of("pin"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "pin: {file: none}|E0106|cannot be read",
                    "pin: {file: empty}|E0106|is empty",
                    "pin: {file: big}|E0106|cannot be read",
                    "pin: {file: '${NOT_SET}'}|E0105|NOT_SET",
                    "pin: {file: ''}|E0203|top.pin.file",
                    "pin: {file: [pin]}|E0202|top.pin.file",
                    "pin: {file: pin, x: 1}|E0202|top.pin",
                    "pin: {files: pin}|E0202|top.pin",
                })
        void refusesAFileThatHoldsNoSecret(String yaml, String code, String message) throws IOException {
            Files.writeString(folder.resolve("pin"), "s3cret");
            Files.writeString(folder.resolve("empty"), "\n");
            Files.writeString(folder.resolve("big"), "x".repeat(64 * 1024 + 1));

            assertThat(bind(yaml)).isNull();

            Problem problem = fixture.problems().all().get(0);
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.message()).contains(message).doesNotContain("s3cret");
            assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(1);
        }
    }
}
