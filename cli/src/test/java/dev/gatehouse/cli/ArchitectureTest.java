package dev.gatehouse.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.architecture.CodeRules;
import dev.gatehouse.architecture.MainCode;

/** Sees all modules at once, so their direction is checked here. */
@AnalyzeClasses(packages = "dev.gatehouse", importOptions = MainCode.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchTests CODE = ArchTests.in(CodeRules.class);

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.gatehouse.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule MODULES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.gatehouse..")
            .layer("cli")
            .definedBy("dev.gatehouse.cli..")
            .layer("policies")
            .definedBy("dev.gatehouse.policies..")
            .layer("gateway-core")
            .definedBy(resideOutsideOfPackages(
                    "dev.gatehouse.cli..", "dev.gatehouse.policies..", "dev.gatehouse.config.."))
            .layer("config")
            .definedBy("dev.gatehouse.config..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("policies")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("gateway-core")
            .mayOnlyBeAccessedByLayers("policies", "cli")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("gateway-core", "policies", "cli")
            .ensureAllClassesAreContainedInArchitecture();
}
