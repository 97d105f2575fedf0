package dev.gatehouse.config.bind;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One component of a configuration record, as its annotations describe it.
 *
 * @param key its name in the file
 * @param type its declared type
 * @param optional whether null stands for absent
 * @param absent the text of its default; null when there is none
 * @param unit the unit of a plain number that is a Duration
 * @param alias a second name; null when there is none
 * @param role what it receives
 * @param oneOrMany whether a single value is a list of one
 * @param shorthand whether a single value in place of the whole record means this component
 */
record Option(
        String key,
        Type type,
        boolean optional,
        @Nullable String absent,
        ChronoUnit unit,
        @Nullable Alias alias,
        Role role,
        boolean oneOrMany,
        boolean shorthand) {
    /** What a component receives. */
    enum Role {
        VALUE,
        NAME,
        REST
    }

    static Option of(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        Default fallback = component.getAnnotation(Default.class);
        Unit unit = component.getAnnotation(Unit.class);
        return new Option(
                key == null ? component.getName() : key.value(),
                component.getGenericType(),
                isOptional(component),
                fallback == null ? null : fallback.value(),
                unit == null ? ChronoUnit.MILLIS : unit.value(),
                component.getAnnotation(Alias.class),
                role(component),
                component.isAnnotationPresent(OneOrMany.class),
                component.isAnnotationPresent(Shorthand.class));
    }

    private static Role role(RecordComponent component) {
        if (component.isAnnotationPresent(Name.class)) {
            return Role.NAME;
        }
        return component.isAnnotationPresent(Rest.class) ? Role.REST : Role.VALUE;
    }

    private static boolean isOptional(RecordComponent component) {
        AnnotatedType type = component.getAnnotatedType();
        Class<?> raw = component.getType();
        boolean boxed = raw == Boolean.class || raw == Double.class || raw == Integer.class || raw == Long.class;
        return boxed || type.isAnnotationPresent(Nullable.class);
    }
}
