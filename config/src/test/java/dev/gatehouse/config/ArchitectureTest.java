package dev.gatehouse.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.architecture.CodeRules;
import dev.gatehouse.architecture.MainCode;
import dev.gatehouse.architecture.PackageTable;

@AnalyzeClasses(packages = "dev.gatehouse.config", importOptions = MainCode.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchTests CODE = ArchTests.in(CodeRules.class);

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.gatehouse.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_ENGINE_LIBRARIES = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "com.github.benmanes.caffeine..", "io.micrometer..", "org.slf4j..")
            .because("a configuration is read and checked without starting anything");

    @ArchTest
    static void packagesUseOnlyWhatTheTableAllows(JavaClasses imported) {
        new PackageTable()
                .allow("config", "config.bind", "config.yaml")
                .allow("config.bind", "config.yaml")
                .allow("config.report", "config.bind", "config.yaml")
                .allow("config.yaml")
                .check(imported);
    }
}
