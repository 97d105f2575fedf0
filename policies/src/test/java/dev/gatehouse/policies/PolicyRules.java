package dev.gatehouse.policies;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.policy.PolicyFactory;
import io.netty.util.ReferenceCounted;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;

/** What every policy and every factory has to look like. */
final class PolicyRules {
    private PolicyRules() {}

    static ArchCondition<JavaClass> beFinal() {
        return condition(
                "be final",
                type -> type.getModifiers().contains(JavaModifier.FINAL) ? List.of() : List.of("is not final"));
    }

    static ArchCondition<JavaClass> holdNoBuffer() {
        return condition(
                "hold no reference-counted object",
                type -> type.getAllFields().stream()
                        .filter(field -> field.getAllInvolvedRawTypes().stream()
                                .anyMatch(involved -> involved.isAssignableTo(ReferenceCounted.class)))
                        .map(JavaField::getFullName)
                        .toList());
    }

    static ArchCondition<JavaClass> beMadeByServiceLoader(Class<?> service) {
        List<String> registered = ServiceLoader.load(service).stream()
                .map(provider -> provider.type().getName())
                .toList();
        return condition("be public, with a public constructor, and registered", type -> {
            Class<?> factory = type.reflect();
            boolean constructible = Modifier.isPublic(factory.getModifiers())
                    && Arrays.stream(factory.getConstructors()).anyMatch(made -> made.getParameterCount() == 0);
            return Stream.of(
                            constructible ? "" : "has no public constructor without parameters",
                            registered.contains(type.getName()) ? "" : "is not in META-INF/services")
                    .filter(problem -> !problem.isEmpty())
                    .toList();
        });
    }

    static ArchCondition<JavaClass> haveDocumentedConfig() {
        return condition("bind a documented record nested in the policy, or one of its package 'options'", type -> {
            Class<?> factory = type.reflect();
            Class<?> config = configOf(factory);
            boolean found = config.getNestHost() == factory.getNestHost()
                    || config.getPackageName().equals(factory.getPackageName() + ".options");
            // What reads the options of a large policy has packages of its own, which must not depend on the policy.
            String misplaced = "configuration " + config.getName() + " is neither nested in the policy nor in the"
                    + " package 'options' below it, where its other packages may read it and readers look for it";
            return Stream.concat(found ? Stream.empty() : Stream.of(misplaced), undocumented(config))
                    .toList();
        });
    }

    private static Class<? extends Record> configOf(Class<?> factory) {
        try {
            return ((PolicyFactory<?>) factory.getConstructor().newInstance()).config();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(factory.getName(), e);
        }
    }

    private static Stream<String> undocumented(Class<?> config) {
        Stream<String> own = Arrays.stream(config.getRecordComponents())
                .filter(component -> !component.isAnnotationPresent(Doc.class))
                .map(component -> config.getSimpleName() + "." + component.getName() + " has no @Doc");
        Stream<String> nested = Arrays.stream(config.getRecordComponents())
                .map(RecordComponent::getType)
                .filter(type -> type.isRecord() && type.getPackageName().startsWith(config.getPackageName()))
                .flatMap(PolicyRules::undocumented);
        return Stream.concat(own, nested);
    }

    /** A condition from a list of complaints; an empty list satisfies it. */
    private static ArchCondition<JavaClass> condition(String description, Function<JavaClass, List<String>> check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                List<String> complaints = check.apply(type);
                complaints.forEach(
                        complaint -> events.add(SimpleConditionEvent.violated(type, type.getName() + " " + complaint)));
                if (complaints.isEmpty()) {
                    events.add(SimpleConditionEvent.satisfied(type, type.getName()));
                }
            }
        };
    }
}
