package dev.gatehouse.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a match captured. Computed on demand, because most pipelines never ask.
 *
 * @param pattern the path pattern that matched; null for a {@code pathRegex}
 * @param parameters captures of the path, percent-decoded; unnamed ones are {@code 0}, {@code 1} and so on
 * @param hostCaptures what the wildcards or groups of the host pattern matched
 * @param strippedPrefix number of characters of the path that the part of the pattern before its first {@code :} or
 *     {@code *} matched; 0 for a {@code pathRegex} and for {@code *}
 */
public record RouteMatch(
        @Nullable String pattern, Map<String, String> parameters, List<String> hostCaptures, int strippedPrefix) {}
