package dev.gatehouse.policies.transform;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is written under {@code headers} or {@code body}. */
public record Change(
        @Doc("Name to JavaScript expression, evaluated for each message; replaces what is there.") @Nullable
        Map<String, Located<String>> add,

        @Doc("Names that are removed, after `add`.") @Nullable
        List<Located<String>> remove) {}
