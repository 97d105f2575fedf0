package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class RunOptionsTest {
    /** Any text in the variable switches the watch off; the command line wins. */
    @ParameterizedTest
    @CsvSource({
        ",           ,      true",
        ",           '',    true",
        ",           true,  false",
        ",           false, false",
        "--watch,    ,      true",
        "--watch,    1,     true",
        "--no-watch, ,      false",
        "--no-watch, 1,     false"
    })
    void watchesUnlessToldOtherwise(@Nullable String option, @Nullable String variable, boolean expected) {
        RunOptions options = new RunOptions();

        new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(option == null ? new String[0] : new String[] {option});

        assertThat(options.watches(variable == null ? Map.of() : Map.of("EG_DISABLE_CONFIG_WATCH", variable)))
                .isEqualTo(expected);
    }
}
