package dev.gatehouse.architecture.unmarked;

import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.architecture.CodeRules;

/** Breaks rules on purpose: its package does not say what null means and uses another one. */
public final class Unmarked {
    private Unmarked() {}

    static ArchRule used() {
        return CodeRules.PRINTS_ONLY_IN_CLI;
    }
}
