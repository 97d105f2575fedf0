package dev.gatehouse.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the page that says which test proves which promise true: every row has a test, and every test exists. */
final class ProofsTest {
    private static final Path ROOT = requireNonNull(Path.of("").toAbsolutePath().getParent(), "project folder");
    private static final Path PAGE = ROOT.resolve("docs/explanation/introspection-proofs.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!Promise|--)(.+?) \\| (.+?) \\|$");
    private static final Pattern PROOF = Pattern.compile("`(\\w+)\\.(\\w+)`");

    /** The text of every test class of the project, by its name. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path sources = module.resolve("src/test/java");
                if (Files.isDirectory(sources)) {
                    collect(sources, tests);
                }
            }
        }
        return tests;
    }

    private static void collect(Path sources, Map<String, String> tests) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                try {
                    String name = String.valueOf(file.getFileName()).replace(".java", "");
                    tests.merge(name, Files.readString(file), String::concat);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void everyPromiseHasATestThatExists() throws IOException {
        Map<String, String> tests = tests();
        List<String> wrong = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        int rows = 0;
        while (row.find()) {
            rows++;
            Matcher proof = PROOF.matcher(row.group(2));
            boolean proven = false;
            while (proof.find()) {
                proven = true;
                String source = tests.getOrDefault(proof.group(1), "");
                if (!source.contains(" " + proof.group(2) + "(")) {
                    wrong.add(row.group(1) + ": there is no " + proof.group());
                }
            }
            if (!proven) {
                wrong.add(row.group(1) + ": no test");
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(rows).isGreaterThan(70);
    }
}
