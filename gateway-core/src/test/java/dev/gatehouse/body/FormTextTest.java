package dev.gatehouse.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.expression.value.QueryTree;
import dev.gatehouse.expression.value.Undefined;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FormTextTest {
    private static Map<String, @Nullable Object> tree(@Nullable Object... pairs) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            tree.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return tree;
    }

    @Test
    void writesValuesAsExpressGatewayDoes() {
        assertThat(FormText.of(tree(
                        "a b",
                        "1 2",
                        "n",
                        1.0,
                        "t",
                        true,
                        "z",
                        null,
                        "u",
                        Undefined.INSTANCE,
                        "e",
                        List.of(),
                        "s",
                        "")))
                .isEqualTo("a+b=1+2&n=1&t=true&z=null&e%5B%5D&s=");
    }

    @Test
    void writesNestedValuesWithBrackets() {
        assertThat(FormText.of(tree("b", tree("c", 3, "d", List.of("x", tree("y", "z"))))))
                .isEqualTo("b%5Bc%5D=3&b%5Bd%5D%5B0%5D=x&b%5Bd%5D%5B1%5D%5By%5D=z");
    }

    @Test
    void encodesEverythingThatHasAMeaning() {
        assertThat(FormText.of(tree("k", "!'()*~-._&=%+\u00fc")))
                .isEqualTo("k=%21%27%28%29%2A%7E-._%26%3D%25%2B%C3%BC");
    }

    @Test
    void isReadAsItWasWritten() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            Map<String, @Nullable Object> tree = tree(
                    "t", text(random), "l", Arrays.asList(text(random), text(random)), "m", tree("a", text(random)));

            assertThat(QueryTree.ofForm(FormText.of(tree))).isEqualTo(tree);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.appendCodePoint(
                    "ab &=%+[]\u00fc\u65e5\ud83d\ude00".codePoints().toArray()[random.nextInt(12)]);
        }
        return text.toString();
    }
}
