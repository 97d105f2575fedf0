package dev.gatehouse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.architecture.CodeRules;
import dev.gatehouse.architecture.MainCode;
import dev.gatehouse.architecture.PackageTable;

@AnalyzeClasses(
        packages = "dev.gatehouse",
        importOptions = {MainCode.class, ArchitectureTest.OnlyEngine.class})
final class ArchitectureTest {
    private static final String[] SERVER = {
        "client",
        "config",
        "exchange",
        "expression.value",
        "metrics",
        "pipeline",
        "redirect",
        "route",
        "server.connection",
        "server.document",
        "server.request",
        "server.response",
        "tls",
        "transport",
        "tunnel",
        "upstream"
    };
    private static final String[] RUNTIME = {
        "client", "config", "metrics", "runtime.build", "server", "tls", "transport", "upstream"
    };
    private static final String[] BUILD = {
        "client", "config", "exchange", "pipeline", "policy", "route", "server", "server.document", "tls", "transport"
    };

    @ArchTest
    static final ArchTests CODE = ArchTests.in(CodeRules.class);

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.gatehouse.(**)").should().beFreeOfCycles();

    /** The contract for policy authors shows header, message and buffer types of Netty and nothing that moves bytes. */
    @ArchTest
    static final ArchRule POLICY_AUTHORS_SEE_NO_CHANNELS = noClasses()
            .that()
            .resideInAnyPackage("dev.gatehouse.policy", "dev.gatehouse.exchange", "dev.gatehouse.client")
            .should()
            .dependOnClassesThat(nettyBeyond("io.netty.buffer..", "io.netty.handler.codec.http", "io.netty.util"));

    @ArchTest
    static void packagesUseOnlyWhatTheTableAllows(JavaClasses imported) {
        new PackageTable()
                .allow("admin", "transport")
                .allow("body", "exchange", "expression.value", "policy")
                .allow("client")
                .allow("exchange", "client")
                .allow("expression", "exchange", "expression.engine", "expression.value")
                .allow("expression.engine", "exchange", "expression.value")
                .allow("expression.value", "exchange")
                .allow("metrics", "config", "exchange")
                .allow("pipeline", "body", "exchange", "policy")
                .allow("policy", "client", "config", "exchange", "expression", "expression.value")
                .allow("redirect", "client", "exchange", "upstream")
                .allow("route", "config", "exchange", "expression")
                .allow("runtime", RUNTIME)
                .allow("runtime.build", BUILD)
                .allow("server", SERVER)
                .allow("server.connection", "config", "exchange", "server.request", "server.response", "tls")
                .allow("server.document", "exchange", "policy", "route")
                .allow("server.request", "body", "config", "exchange", "upstream")
                .allow("server.response", "body", "config", "exchange")
                .allow("tls", "client", "config")
                .allow("transport")
                .allow("tunnel")
                .allow("upstream", "client", "config", "exchange", "tls", "transport")
                .check(imported);
    }

    private static DescribedPredicate<JavaClass> nettyBeyond(String... allowed) {
        return resideInAnyPackage("io.netty..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
                .as("Netty classes outside %s", String.join(", ", allowed));
    }

    /** The configuration module has its own test. */
    static final class OnlyEngine implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/dev/gatehouse/config/");
        }
    }
}
