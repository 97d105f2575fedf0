package dev.gatehouse.policies.introspect.answer;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.introspect.answer.IntrospectionDecoder.Decoded;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntrospectionDecoderTest {
    private final IntrospectionDecoder decoder = new IntrospectionDecoder();

    private Decoded decode(String body) {
        return decoder.decode(body.getBytes(UTF_8));
    }

    private TokenFacts facts(String members) {
        return ((Decoded.Active) decode("{\"active\":true," + members + "}")).facts();
    }

    @Test
    void keepsEveryMember() {
        var active = (Decoded.Active) decode(
                "{\"active\":true,\"s\":\"\u00e4\\u0000\",\"l\":9007199254740993,\"big\":123456789012345678901234567890,"
                        + "\"f\":1.5,\"huge\":1e400,\"n\":null,\"a\":[1,{\"b\":false}]}");

        assertThat(active.claims())
                .containsEntry("s", "\u00e4\u0000")
                .containsEntry("l", 9007199254740993L)
                .containsEntry("big", new java.math.BigInteger("123456789012345678901234567890"))
                .containsEntry("f", 1.5)
                .containsEntry("huge", Double.POSITIVE_INFINITY)
                .containsEntry("n", null)
                .containsEntry("a", java.util.List.of(1L, java.util.Map.of("b", false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"active\":\"true\"}",
                "{\"active\":1}",
                "{\"active\":[true]}",
                "{\"active\":{\"a\":1}}",
                "{\"active\":null}",
                "{\"active\":\"false\"}",
                "{\"sub\":\"mallory\"}",
                "{\"Active\":true}",
                "{}",
            })
    void refusesWhateverIsNotTheLiteralTrue(String body) {
        assertThat(decode(body)).isEqualTo(new Decoded.Inactive(true));
    }

    @Test
    void refusesInactive() {
        assertThat(decode("{\"active\":false,\"exp\":\"soon\"}")).isEqualTo(new Decoded.Inactive(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"active\":false,\"active\":true}",
                "{\"active\":true,\"active\":false}",
                "{\"active\":true,\"x\":{\"a\":1,\"a\":2}}",
                "{\"active\":true,\"acti\\u0076e\":true}",
                "[{\"active\":true}]",
                "true",
                "\"active\"",
                "null",
                "1",
                "",
                " ",
                "{\"active\":true",
                "{\"active\":true}{\"active\":false}",
                "{\"active\":true} trailing",
                "{\"active\":true}]",
                "{'active':true}",
                "{active:true}",
                "{\"active\":true,}",
                "/*x*/{\"active\":true}",
                "{\"active\":true} // x",
                "{\"active\":tru",
                "{\"active\":NaN}",
                "{\"active\":True}",
                "{\"active\":true,\"x\":01}",
                "{\"active\":true,\"x\":+1}",
                "{\"active\":true,\"x\":\"\n\"}",
                "{\"active\":true,\"x\":\"\\x\"}",
                "<html>active true</html>",
                "\ufeff{\"active\":true}",
                "{\"active\":true,\"exp\":\"soon\"}",
                "{\"active\":true,\"exp\":true}",
                "{\"active\":true,\"exp\":[1]}",
                "{\"active\":true,\"exp\":\"\"}",
                "{\"active\":true,\"exp\":\"-1\"}",
                "{\"active\":true,\"nbf\":\"1e3\"}",
                "{\"active\":true,\"iat\":{}}",
            })
    void refusesWhatIsNoAnswer(String body) {
        assertThat(decode(body)).isEqualTo(new Decoded.Unusable());
    }

    @Test
    void refusesOtherEncodings() {
        assertThat(decoder.decode("{\"active\":true}".getBytes(UTF_16LE))).isEqualTo(new Decoded.Unusable());
        byte[] broken = "{\"active\":true,\"x\":\"?\"}".getBytes(UTF_8);
        broken[broken.length - 3] = (byte) 0xff;
        assertThat(decoder.decode(broken)).isEqualTo(new Decoded.Unusable());
    }

    @ParameterizedTest
    @CsvSource({"30,true", "31,true", "32,false", "100000,false"})
    void refusesDeepNesting(int arrays, boolean accepted) {
        String body = "{\"active\":true,\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";

        assertThat(decode(body) instanceof Decoded.Active).isEqualTo(accepted);
    }

    @Test
    void refusesNumbersMadeToCostMemory() {
        assertThat(decode("{\"active\":true,\"x\":" + "9".repeat(10_000) + "}")).isEqualTo(new Decoded.Unusable());
        assertThat(decode("{\"active\":true,\"x\":1e999999999}")).isInstanceOf(Decoded.Active.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1000,1000000",
        "1000.5,1000500",
        "'\"1000\"',1000000",
        "-1,-1000",
        "0,0",
        "1e3,1000000",
        "-1e400,-9223372036854775808",
        "9007199254740994,9223372036854775806",
        "99999999999999999999999999,9223372036854775806",
        "1e400,9223372036854775806",
        "'\"99999999999999999999999999\"',9223372036854775806",
        "9999999999999,9999999999999000",
        "null,9223372036854775807",
    })
    void readsDates(String exp, long millis) {
        assertThat(facts("\"exp\":" + exp).expiresAt()).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"scope\":\"a  b \"|a,b",
                "\"scope\":[\"a\",\"b\"]|a,b",
                "\"scope\":{\"x\":1}|",
                "\"scope\":42|",
                "\"scope\":[\"a\",1]|",
                "\"scope\":\"\",\"scopes\":\"x\"|",
                "\"scope\":null,\"scopes\":\"x y\"|x,y",
                "\"scp\":[\"x\"]|x",
                "\"x\":1|",
            })
    void readsScopes(String members, @org.jspecify.annotations.Nullable String scopes) {
        String[] expected = scopes == null ? new String[0] : scopes.split(",");

        assertThat(facts(members).scopes()).containsExactlyInAnyOrder(expected);
    }

    @Test
    void readsBindings() {
        assertThat(facts("\"cnf\":null").confirmation()).isNull();
        assertThat(facts("\"cnf\":1").confirmation()).isEqualTo(new TokenFacts.Confirmation(null, null, false));
        assertThat(facts("\"cnf\":{\"foo\":1}").confirmation())
                .isEqualTo(new TokenFacts.Confirmation(null, null, false));
        assertThat(facts("\"cnf\":{\"x5t#S256\":1}").confirmation())
                .isEqualTo(new TokenFacts.Confirmation("", null, true));
        assertThat(facts("\"cnf\":{\"x5t#S256\":\"h\",\"jkt\":\"k\"}").confirmation())
                .isEqualTo(new TokenFacts.Confirmation("h", "k", true));
    }

    /** Whatever a byte of an inactive answer is changed to, it never becomes an active one by accident of parsing. */
    @Test
    void refusesEveryMutationOfAnInactiveAnswer() {
        byte[] answer =
                "{\"active\":false,\"sub\":\"alice\",\"scope\":[\"a\",\"b\"],\"exp\":4102444800}".getBytes(UTF_8);
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = answer.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }

            assertThat(decoder.decode(mutated)).isNotInstanceOf(Decoded.Active.class);
        }
    }

    @Test
    void survivesEveryMutationOfAnActiveAnswer() {
        byte[] answer =
                "{\"active\":true,\"sub\":\"alice\",\"cnf\":{\"jkt\":\"x\"},\"exp\":4102444800}".getBytes(UTF_8);
        Random random = new Random(43);
        int active = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = answer.clone();
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);

            active += decoder.decode(mutated) instanceof Decoded.Active ? 1 : 0;
        }
        assertThat(active).isBetween(1, 19_999);
    }
}
