package dev.gatehouse.config.bind;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A configuration record class, looked at once. */
final class RecordShape<C extends Record> {
    private static final ClassValue<RecordShape<?>> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape<?> computeValue(Class<?> type) {
            return lookAt(type.asSubclass(Record.class));
        }
    };

    private final Class<C> type;
    private final List<Option> options;
    private final Constructor<C> constructor;

    private RecordShape(Class<C> type, List<Option> options, Constructor<C> constructor) {
        this.type = type;
        this.options = options;
        this.constructor = constructor;
    }

    @SuppressWarnings("unchecked") // the shape of a class is of that class
    static <C extends Record> RecordShape<C> of(Class<C> type) {
        return (RecordShape<C>) SHAPES.get(type);
    }

    private static <C extends Record> RecordShape<C> lookAt(Class<C> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<C> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return new RecordShape<>(
                    type, Arrays.stream(components).map(Option::of).toList(), constructor);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("a record without canonical constructor: " + type, impossible);
        }
    }

    List<Option> options() {
        return options;
    }

    /** The key that a single value stands for, or null when only a mapping will do. */
    @Nullable
    String shorthand() {
        for (Option option : options) {
            if (option.shorthand()) {
                return option.key();
            }
        }
        return null;
    }

    boolean hasRest() {
        return options.stream().anyMatch(option -> option.role() == Option.Role.REST);
    }

    /** Every key that may be written, aliases last. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        List<String> aliases = new ArrayList<>();
        for (Option option : options) {
            if (option.role() == Option.Role.VALUE) {
                keys.add(option.key());
            }
            if (option.alias() != null) {
                aliases.add(option.alias().value());
            }
        }
        keys.addAll(aliases);
        return keys;
    }

    /** The key of the nested record that knows {@code key}, or null. */
    @Nullable
    String ownerOf(String key) {
        for (Option option : options) {
            Class<? extends Record> nested = record(option.type());
            if (option.role() == Option.Role.VALUE
                    && nested != null
                    && of(nested).keys().contains(key)) {
                return option.key();
            }
        }
        return null;
    }

    /**
     * Makes the record.
     *
     * @throws IllegalArgumentException as the record's own constructor
     */
    C make(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("cannot make " + type.getName(), thrown.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("cannot make " + type.getName(), impossible);
        }
    }

    /** The class of a nested record, also inside Located; null for every other type. */
    static @Nullable Class<? extends Record> record(Type type) {
        if (type instanceof Class<?> raw && raw.isRecord() && raw != Secret.class && !isNode(raw)) {
            return raw.asSubclass(Record.class);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Located.class) {
            return record(generic.getActualTypeArguments()[0]);
        }
        return null;
    }

    static boolean isNode(Class<?> raw) {
        return dev.gatehouse.config.yaml.Node.class.isAssignableFrom(raw);
    }
}
