package dev.gatehouse.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** What holds in every module: nothing blocks, nothing prints, text has a charset, null is marked. */
public final class CodeRules {
    /** Threads that may wait and packages that may touch files: the control thread and start-up. */
    private static final String[] MAY_BLOCK = {
        "dev.gatehouse.runtime..", "dev.gatehouse.config.yaml..", "dev.gatehouse.tls..", "dev.gatehouse.cli.."
    };

    /** The thread that writes the access log has nothing else to do. */
    private static final String LOG_WRITER = "dev.gatehouse.metrics.Spool";

    @ArchTest
    public static final ArchRule NOTHING_BLOCKS = noClasses()
            .that()
            .resideOutsideOfPackages(MAY_BLOCK)
            .and()
            .doNotHaveFullyQualifiedName(LOG_WRITER)
            .should()
            .callCodeUnitWhere(describe("the call waits", BlockingCalls::waits))
            .because("an event loop that waits stops every exchange it carries");

    @ArchTest
    public static final ArchRule NO_FILES_OR_BLOCKING_SOCKETS = noClasses()
            .that()
            .resideOutsideOfPackages(MAY_BLOCK)
            .should()
            .callCodeUnitWhere(describe("the call does blocking input or output", BlockingCalls::doesInputOrOutput))
            .because("files and blocking sockets belong to start-up and to the control thread");

    @ArchTest
    public static final ArchRule NO_SECOND_HTTP_CLIENT = noClasses()
            .that()
            .resideOutsideOfPackage("dev.gatehouse.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http..");

    @ArchTest
    public static final ArchRule PRINTS_ONLY_IN_CLI =
            noClasses().that().resideOutsideOfPackage("dev.gatehouse.cli..").should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    public static final ArchRule NO_JAVA_UTIL_LOGGING =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    @ArchTest
    public static final ArchRule TEXT_HAS_A_CHARSET =
            noClasses().should().callCodeUnitWhere(describe("the default charset decides", CharsetCalls::usesDefault));

    @ArchTest
    public static final ArchRule PACKAGES_ARE_NULL_MARKED = classes().should(beInNullMarkedPackage());

    private CodeRules() {}

    private static ArchCondition<JavaClass> beInNullMarkedPackage() {
        return new ArchCondition<>("be in a package with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " of " + type.getName()));
            }
        };
    }
}
