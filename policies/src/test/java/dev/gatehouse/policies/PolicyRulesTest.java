package dev.gatehouse.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule that cannot fail proves nothing. */
final class PolicyRulesTest {
    @ParameterizedTest(name = "{2}")
    @MethodSource
    void refusesOffenders(ArchRule rule, Class<?> offender, String complaint) {
        String report = rule.evaluate(new ClassFileImporter().importClasses(offender))
                .getFailureReport()
                .toString();

        assertThat(report).contains(complaint);
    }

    static Stream<Arguments> refusesOffenders() {
        ArchRule state = ArchitectureTest.POLICIES_HOLD_NO_STATE_OF_A_REQUEST;
        ArchRule factories = ArchitectureTest.POLICY_FACTORIES_CAN_BE_FOUND;
        return Stream.of(
                arguments(state, Offenders.Open.class, "is not final"),
                arguments(state, Offenders.Counting.class, "count"),
                arguments(state, Offenders.Hoarding.class, "kept"),
                arguments(factories, Offenders.Unregistered.class, "is not in META-INF/services"),
                arguments(factories, Offenders.Unregistered.class, "Undocumented.option has no @Doc"),
                arguments(factories, Offenders.Borrowing.class, "is neither nested in the policy nor in the package"));
    }
}
