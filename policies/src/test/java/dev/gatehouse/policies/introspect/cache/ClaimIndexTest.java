package dev.gatehouse.policies.introspect.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.policies.introspect.answer.AnswerReader;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClaimIndexTest {
    private final ClaimIndex index = new ClaimIndex();
    private long number;

    private Entry entry(String members) {
        HttpHeaders headers = new DefaultHttpHeaders().add("content-type", "application/json");
        byte[] body = ("{\"active\":true," + members + "}").getBytes(UTF_8);
        ServerMeters meters = new ServerMeters(new SimpleMeterRegistry(), "as");
        Active active = (Active) new AnswerReader(meters, new ServerLog("as", () -> 0))
                .read(new CallResult.Answer(200, headers, body, false), "00000000", 0)
                .introspection();
        Entry entry = new Entry(new TokenKey(number++, 0, 0, 0), active, 0, 0, false);
        index.add(entry);
        return entry;
    }

    @Test
    void findsByEachOfTheFourClaims() {
        Entry entry = entry("\"sub\":\"alice\",\"client_id\":\"app\",\"jti\":\"j1\",\"sid\":\"s1\",\"scope\":\"read\"");

        assertThat(index.find("sub", "alice")).containsExactly(entry);
        assertThat(index.find("client_id", "app")).containsExactly(entry);
        assertThat(index.find("jti", "j1")).containsExactly(entry);
        assertThat(index.find("sid", "s1")).containsExactly(entry);
        assertThat(index.find("sub", "app")).isEmpty();
        assertThat(index.values()).isEqualTo(4);
        assertThatThrownBy(() -> index.find("scope", "read")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsTextsOnly() {
        entry("\"sub\":7,\"sid\":[\"s1\"]");

        assertThat(index.values()).isZero();
    }

    @Test
    void forgetsAnEntryOnceHoweverOftenItIsTold() {
        Entry first = entry("\"sub\":\"alice\"");
        Entry second = entry("\"sub\":\"alice\"");

        index.remove(first);
        index.remove(first);
        assertThat(index.find("sub", "alice")).containsExactly(second);

        index.remove(second);
        assertThat(index.values()).isZero();
    }

    @Test
    void agreesWithAPlainSearchAfterAnyChanges() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Entry> present = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (present.isEmpty() || random.nextInt(5) < 3) {
                present.add(
                        entry("\"sub\":\"u" + random.nextInt(20) + "\",\"client_id\":\"c" + random.nextInt(3) + "\""));
            } else {
                index.remove(present.remove(random.nextInt(present.size())));
            }
            String user = "u" + random.nextInt(20);
            List<Entry> expected = present.stream()
                    .filter(entry ->
                            user.equals(entry.active().identity().claims().get("sub")))
                    .toList();
            assertThat(index.find("sub", user))
                    .as("seed %d, step %d", seed, step)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        present.forEach(index::remove);
        assertThat(index.values()).isZero();
    }
}
