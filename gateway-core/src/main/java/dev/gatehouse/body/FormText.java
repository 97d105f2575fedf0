package dev.gatehouse.body;

import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.ObjectKeys;
import dev.gatehouse.expression.value.Undefined;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Urlencoded forms with nesting, as Express Gateway writes them: {@code b[c]=3&d[0]=1}, brackets encoded. Pure. */
public final class FormText {
    private final StringBuilder out = new StringBuilder();

    private FormText() {}

    /** The form of {@code tree}; an undefined member is left out, null is the text {@code null}. */
    public static String of(Map<String, @Nullable Object> tree) {
        FormText form = new FormText();
        for (String name : ObjectKeys.of(tree)) {
            form.write(name, tree.get(name));
        }
        return form.out.toString();
    }

    private void write(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> write(name + '[' + key + ']', member));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                write(name + '[' + i + ']', list.get(i));
            }
        } else if (value instanceof List<?>) {
            pair().append(encoded(name + "[]"));
        } else if (value != Undefined.INSTANCE) {
            pair().append(encoded(name)).append('=').append(encoded(String.valueOf(Coercion.text(value))));
        }
    }

    private StringBuilder pair() {
        return out.isEmpty() ? out : out.append('&');
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A");
    }
}
