package dev.gatehouse.policies;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.architecture.CodeRules;
import dev.gatehouse.architecture.MainCode;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyFactory;

@AnalyzeClasses(packages = "dev.gatehouse.policies", importOptions = MainCode.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchTests CODE = ArchTests.in(CodeRules.class);

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.gatehouse.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ENGINE_IS_OUT_OF_REACH = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.gatehouse.server..",
                    "dev.gatehouse.runtime..",
                    "dev.gatehouse.pipeline..",
                    "dev.gatehouse.upstream..",
                    "dev.gatehouse.admin..",
                    "dev.gatehouse.cli..")
            .because("a policy reaches the engine through its exchange only");

    @ArchTest
    static final ArchRule POLICY_PACKAGES_DO_NOT_SEE_EACH_OTHER = slices().matching("dev.gatehouse.policies.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAPackage("dev.gatehouse.policies.auth.."));

    @ArchTest
    static final ArchRule POLICIES_HOLD_NO_STATE_OF_A_REQUEST = classes()
            .that()
            .implement(Policy.class)
            .should(PolicyRules.beFinal())
            .andShould()
            .haveOnlyFinalFields()
            .andShould(PolicyRules.holdNoBuffer());

    @ArchTest
    static final ArchRule POLICY_FACTORIES_CAN_BE_FOUND = classes()
            .that()
            .implement(PolicyFactory.class)
            .should(PolicyRules.beMadeByServiceLoader(PolicyFactory.class))
            .andShould(PolicyRules.haveDocumentedConfig());

    @ArchTest
    static final ArchRule CONDITION_FACTORIES_CAN_BE_FOUND = classes()
            .that()
            .implement(ConditionFactory.class)
            .should(PolicyRules.beMadeByServiceLoader(ConditionFactory.class));
}
