package dev.gatehouse.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as an authentication policy found out: {@code req.user} and {@code consumer} of expressions.
 *
 * @param claims immutable tree of String, Boolean, Number, List, Map and null; for introspection the whole answer
 */
public record Identity(Map<String, @Nullable Object> claims) {}
