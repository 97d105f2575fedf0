package dev.gatehouse.config.yaml;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Values of scalars, with or without a written tag. Of the tags of js-yaml only {@code !!js/regexp} is data; the others
 * make code and are refused, as is everything that would name a class.
 */
final class ScalarValues {
    private static final Tag JS_REGEXP = new Tag(Tag.PREFIX + "js/regexp");
    private static final Pattern SLASHED = Pattern.compile("/(?<source>.*)/(?<flags>[gim]{0,3})", Pattern.DOTALL);
    private static final String TYPOGRAPHIC_QUOTES = "\u2018\u2019\u201C\u201D\u201E\u201A\u00AB\u00BB";

    private final List<Fault> faults;

    ScalarValues(List<Fault> faults) {
        this.faults = faults;
    }

    @Nullable
    Object value(ScalarNode scalar, Span span, boolean inFlow) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (tag.equals(DialectResolver.PLAIN)) {
            warnAboutPasting(text, span, inFlow);
            return ScalarDialect.value(text);
        }
        if (tag.equals(Tag.STR)) {
            return text;
        }
        if (tag.equals(JS_REGEXP)) {
            return regExp(text, span);
        }
        return tagged(tag, scalar, span);
    }

    static Fault unknownTag(Tag tag, Span span) {
        String shown = tag.getValue().startsWith(Tag.PREFIX)
                ? "!!" + tag.getValue().substring(Tag.PREFIX.length())
                : tag.getValue();
        return new Fault(
                "E0110",
                span,
                "",
                "the tag '" + shown + "' is not supported",
                List.of("of the tags that make JavaScript objects only !!js/regexp is allowed."));
    }

    private @Nullable Object tagged(Tag tag, ScalarNode scalar, Span span) {
        String text = scalar.getValue();
        Object value = ScalarDialect.value(text);
        boolean fits =
                switch (tag.getValue().startsWith(Tag.PREFIX) ? tag.getValue().substring(Tag.PREFIX.length()) : "") {
                    case "null" -> value == null;
                    case "bool" -> value instanceof Boolean;
                    case "int" -> value instanceof Long;
                    case "float" -> value instanceof Number;
                    case "timestamp" -> value instanceof String time && !time.equals(text);
                    default -> {
                        faults.add(unknownTag(tag, span));
                        yield true;
                    }
                };
        if (!fits) {
            faults.add(new Fault(
                    "E0110",
                    span,
                    "",
                    "the value does not fit its tag",
                    List.of("remove the tag, or put quotes around the value.")));
        }
        return value;
    }

    private @Nullable Object regExp(String text, Span span) {
        Matcher slashed = SLASHED.matcher(text);
        if (slashed.matches()) {
            return new JsRegExp(slashed.group("source"), slashed.group("flags"));
        }
        if (text.isEmpty() || text.startsWith("/")) {
            faults.add(new Fault(
                    "E0110",
                    span,
                    "",
                    "this is not a regular expression",
                    List.of("write it as /pattern/ or /pattern/i.")));
            return null;
        }
        return new JsRegExp(text, "");
    }

    private void warnAboutPasting(String text, Span span, boolean inFlow) {
        if (!inFlow && text.length() > 1 && text.indexOf(',') == text.length() - 1) {
            faults.add(new Fault(
                    "W0102",
                    span,
                    "",
                    "the comma at the end is part of the value",
                    List.of("remove the comma, or put quotes around the value if it is meant.")));
        }
        if (!text.isEmpty() && TYPOGRAPHIC_QUOTES.indexOf(text.charAt(0)) >= 0) {
            faults.add(new Fault(
                    "W0103",
                    span,
                    "",
                    "typographic quotes are part of the value",
                    List.of("use the straight quotes ' or \" instead.")));
        }
    }
}
