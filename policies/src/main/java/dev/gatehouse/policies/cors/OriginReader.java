package dev.gatehouse.policies.cors;

import dev.gatehouse.config.bind.Found;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.JsRegExp;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.expression.JsPattern;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes {@link Origins} of the option {@code origin}; tells what is wrong or dangerous in it. Start-up thread. */
final class OriginReader {
    /** RFC 6454 section 6.1, with any scheme; a name in capitals is never sent by a browser. */
    private static final Pattern ORIGIN = Pattern.compile("null|[a-z][a-z0-9+.-]*://[^/?#@\\sA-Z]+");

    private static final String EXAMPLE = "an origin looks like 'https://app.example.com'.";

    private final PolicyContext context;
    private final String path;

    OriginReader(PolicyContext context) {
        this.context = context;
        this.path = context.step().path() + ".action.origin";
    }

    /**
     * The origins; null = the policy does nothing.
     *
     * @throws ConfigProblem E0471 for a pattern, E0472 for a value of a wrong type, E0473 for a text that cannot be sent
     */
    @Nullable
    Origins read(Node origin, boolean credentials) {
        Origins origins = isEmpty(origin) ? off(origin.span()) : read(origin);
        if (credentials && origins instanceof Origins.Any) {
            warn(
                    "W0471",
                    context.step().span(),
                    "browsers ignore 'credentials: true' where every origin is allowed with '*'",
                    "name the origins.");
        } else if (credentials && origins instanceof Origins.Every) {
            warn(
                    "W0471",
                    origin.span(),
                    "'credentials: true' with 'origin: true' lets every web site act as the user and read the answer",
                    "name the origins.");
        }
        return origins;
    }

    /** Also an option without a value: Express Gateway makes an empty text of it, and '*' would allow much more. */
    private boolean isEmpty(Node origin) {
        Node.Mapping action = context.step().action();
        Node written = action == null ? null : action.get("origin");
        Node shown = written == null ? origin : written;
        return shown instanceof Node.Scalar scalar
                && (scalar.value() == null || scalar.value().equals(""));
    }

    private @Nullable Origins off(Span span) {
        warn("W0472", span, "'origin' is empty, so the policy does nothing", "write 'false' if that is meant.");
        return null;
    }

    private @Nullable Origins read(Node origin) {
        if (origin instanceof Node.Sequence list) {
            return listed(list.items());
        }
        if (origin instanceof Node.Scalar scalar) {
            Object value = scalar.value();
            if (value instanceof Boolean enabled) {
                return enabled ? new Origins.Every() : null;
            }
            if (value instanceof JsRegExp) {
                return listed(List.of(origin));
            }
            if (value instanceof String text) {
                return text.equals("*") ? new Origins.Any() : new Origins.Fixed(name(text, scalar.span(), path));
            }
        }
        throw problem(
                "E0472",
                origin.span(),
                path,
                "'origin': expected a text, true, false, a list or !!js/regexp, found " + Found.in(origin, false),
                EXAMPLE);
    }

    /** Reports every item that is wrong, not only the first. */
    private Origins listed(List<Node> items) {
        Set<String> names = new LinkedHashSet<>();
        List<JsPattern> patterns = new ArrayList<>();
        List<Problem> wrong = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String place = items.size() == 1 ? path : path + "[" + i + "]";
            try {
                add(items.get(i), place, names, patterns);
            } catch (ConfigProblem problem) {
                wrong.add(problem.problem());
            }
        }
        if (!wrong.isEmpty()) {
            Problem first = wrong.remove(0);
            wrong.forEach(context.problems()::add);
            throw new ConfigProblem(first);
        }
        return new Origins.Listed(Set.copyOf(names), List.copyOf(patterns));
    }

    private void add(Node item, String place, Set<String> names, List<JsPattern> patterns) {
        if (item instanceof Node.Scalar scalar && scalar.value() instanceof JsRegExp pattern) {
            patterns.add(pattern(pattern, item.span(), place));
        } else if (item instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
            names.add(name(text, item.span(), place));
        } else {
            throw problem(
                    "E0472",
                    item.span(),
                    place,
                    "'origin': expected a text or !!js/regexp in the list, found " + Found.in(item, false),
                    EXAMPLE);
        }
    }

    private String name(String text, Span span, String place) {
        if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw problem("E0473", span, place, "'origin': a text with such characters cannot be sent", EXAMPLE);
        }
        if (!ORIGIN.matcher(text).matches()) {
            warn("W0473", span, "no browser sends '" + text + "' as an origin, so it allows nothing", EXAMPLE);
        }
        return text;
    }

    private JsPattern pattern(JsRegExp written, Span span, String place) {
        JsPattern pattern;
        try {
            pattern = JsPattern.compile(written.source(), written.flags());
        } catch (IllegalArgumentException refused) {
            throw problem(
                    "E0471",
                    span,
                    place,
                    "'origin': " + written + " is no regular expression: "
                            + String.valueOf(refused.getMessage()).strip(),
                    "the syntax is that of JavaScript.");
        }
        if (!written.source().endsWith("$") || written.source().endsWith("\\$")) {
            warn(
                    "W0474",
                    span,
                    "the pattern " + written
                            + " has an open end, so https://example.com.attacker.example may match too",
                    "end it with '$'.");
        }
        return pattern;
    }

    private void warn(String code, Span span, String message, String hint) {
        context.problems().warn(code, span, path, message, hint);
    }

    private static ConfigProblem problem(String code, Span span, String path, String message, String hint) {
        return new ConfigProblem(new Problem(code, Severity.ERROR, span, path, message, List.of(hint)));
    }
}
