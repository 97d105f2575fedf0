package dev.gatehouse.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which packages of the product a package may use. Names are relative to {@code dev.gatehouse} and stand for the package
 * with everything below it that has no row of its own; cycles inside are a matter of another rule.
 */
public final class PackageTable {
    private static final String ROOT = "dev.gatehouse.";

    private final Map<String, Set<String>> rows = new LinkedHashMap<>();

    /** Adds a row; a package may always use itself. */
    public PackageTable allow(String user, String... used) {
        rows.put(user, Set.of(used));
        return this;
    }

    /** Checks every package of one module. A package without a row fails, and so does a row without a package. */
    public void check(JavaClasses imported) {
        Set<String> used = imported.stream()
                .map(PackageTable::relative)
                .map(this::row)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).as("rows of the table of packages").containsExactlyInAnyOrderElementsOf(rows.keySet());
        rows.keySet().forEach(row -> rule(row).check(imported));
    }

    ArchRule rule(String row) {
        Set<String> allowed = rows.getOrDefault(row, Set.of());
        return classes()
                .that(describe("are of " + row, user -> row(relative(user)).equals(row)))
                .should()
                .onlyDependOnClassesThat(describe(
                        "are foreign or in " + new TreeSet<>(allowed),
                        used -> !used.getPackageName().startsWith(ROOT)
                                || row(relative(used)).equals(row)
                                || allowed.stream().anyMatch(name -> isWithin(relative(used), name))));
    }

    /** The longest row that covers a package, or the package itself when none does. */
    private String row(String name) {
        return rows.keySet().stream()
                .filter(row -> isWithin(name, row))
                .max(Comparator.comparingInt(String::length))
                .orElse(name);
    }

    private static String relative(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    private static boolean isWithin(String name, String row) {
        return name.equals(row) || name.startsWith(row + ".");
    }
}
