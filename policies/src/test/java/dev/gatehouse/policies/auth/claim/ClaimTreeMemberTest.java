package dev.gatehouse.policies.auth.claim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of one member, as it was written. */
class ClaimTreeMemberTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "{\"m\":{}}|{}",
                "{\"a\":{\"m\":{\"x\":1}}, \"m\" : {\"b\" : [1, {}], \"m\":{\"c\":2}} , \"z\":1}|{\"b\" : [1, {}], \"m\":{\"c\":2}}",
                "{\"\u00e4\u20ac\":\"\ud83d\ude00\",\"m\":{\"\u00e4\":\"\ud83d\ude00}\"},\"z\":0}|{\"\u00e4\":\"\ud83d\ude00}\"}",
                "{\"\\u006d\":{\"n\":1.50}}|{\"n\":1.50}",
                "{\"a\":1}|-",
                "{\"m\":1}|-",
                "{\"m\":[{}]}|-",
                "{\"m\":null}|-",
            })
    void isGivenExactlyAsWritten(String json, @Nullable String member) {
        byte[] found = ClaimTree.member(json.getBytes(UTF_8), "m");

        assertThat(found == null ? null : new String(found, UTF_8)).isEqualTo(member);
    }
}
