package dev.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.architecture.unmarked.Unmarked;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule that cannot fail proves nothing. */
final class CodeRulesTest {
    @ParameterizedTest(name = "{1}")
    @MethodSource
    void refusesOffenders(ArchRule rule, Class<?> offender) {
        JavaClasses imported = new ClassFileImporter().importClasses(offender);

        assertThat(rule.evaluate(imported).hasViolation()).isTrue();
    }

    static Stream<Arguments> refusesOffenders() {
        return Stream.of(
                arguments(CodeRules.NOTHING_BLOCKS, Offenders.Joins.class),
                arguments(CodeRules.NOTHING_BLOCKS, Offenders.Sleeps.class),
                arguments(CodeRules.NOTHING_BLOCKS, Offenders.Awaits.class),
                arguments(CodeRules.NOTHING_BLOCKS, Offenders.Locks.class),
                arguments(CodeRules.NO_FILES_OR_BLOCKING_SOCKETS, Offenders.ReadsFile.class),
                arguments(CodeRules.NO_FILES_OR_BLOCKING_SOCKETS, Offenders.ResolvesName.class),
                arguments(CodeRules.NO_SECOND_HTTP_CLIENT, Offenders.CallsOut.class),
                arguments(CodeRules.PRINTS_ONLY_IN_CLI, Offenders.Prints.class),
                arguments(CodeRules.NO_JAVA_UTIL_LOGGING, Offenders.LogsElsewhere.class),
                arguments(CodeRules.TEXT_HAS_A_CHARSET, Offenders.GuessesCharset.class),
                arguments(CodeRules.TEXT_HAS_A_CHARSET, Offenders.GuessesCharsetBack.class),
                arguments(CodeRules.PACKAGES_ARE_NULL_MARKED, Unmarked.class));
    }

    @Test
    void acceptsTextWithACharset() {
        JavaClasses imported = new ClassFileImporter().importClasses(NamesCharset.class);

        assertThat(CodeRules.TEXT_HAS_A_CHARSET.evaluate(imported).hasViolation())
                .isFalse();
    }

    @Test
    void refusesAPackageThatUsesMoreThanItsRowAllows() {
        JavaClasses imported = new ClassFileImporter().importClasses(Unmarked.class);
        PackageTable table = new PackageTable().allow("architecture.unmarked");

        assertThatThrownBy(() -> table.rule("architecture.unmarked").check(imported))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("CodeRules.PRINTS_ONLY_IN_CLI");
    }

    @Test
    void refusesAPackageWithoutARow() {
        JavaClasses imported = new ClassFileImporter().importClasses(Unmarked.class);

        assertThatThrownBy(() -> new PackageTable().check(imported))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("architecture.unmarked");
    }

    @Test
    void refusesARowWithoutAPackage() {
        JavaClasses imported = new ClassFileImporter().importClasses(Unmarked.class);
        PackageTable table = new PackageTable().allow("architecture").allow("gone");

        assertThatThrownBy(() -> table.check(imported))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("gone");
    }

    static final class NamesCharset {
        static String turn(String text) {
            return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        }
    }
}
