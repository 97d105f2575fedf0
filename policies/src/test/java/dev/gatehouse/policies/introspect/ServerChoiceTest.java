package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.EndpointState;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exactly one of the options says where the server is. */
class ServerChoiceTest {
    private final ContextFixture context = new ContextFixture();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "endpoint: http://a.test/i|endpoints: [http://b.test/i]|endpoints",
                "endpoint: http://a.test/i|issuer: http://a.test|issuer",
                "endpoints: [http://a.test/i]|issuer: http://a.test|issuer",
                "endpoint: http://a.test/i|providers: [{endpoint: http://b.test/i}]|providers",
                "issuer: http://a.test|providers: [{endpoint: http://b.test/i}]|providers",
                "endpoint: http://a.test/i|strategy: roundRobin|strategy",
                "issuer: http://a.test|strategy: failover|strategy",
            })
    void refusesTwoWaysAtOnce(String one, String other, String key) {
        assertThatThrownBy(() -> context.policy("authorization_value: x\n" + one + '\n' + other))
                .isInstanceOf(ConfigProblem.class);

        Problem problem = context.problems.all().get(0);
        assertThat(problem.code()).isEqualTo("E0421");
        assertThat(problem.path()).endsWith(".action." + key);
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(3);
        assertThat(problem.message()).contains("pipeline 'main'", "'oauth2-introspect'", "'" + key + "'");
        assertThat(problem.hints()).isNotEmpty();
    }

    @Test
    void refusesAUrlThatIsListedTwice() {
        assertThatThrownBy(() -> context.policy("endpoints: [http://a.test/i, http://b.test/i, http://a.test/i]"))
                .isInstanceOf(ConfigProblem.class);

        assertThat(context.codes()).containsExactly("E0421");
    }

    @Test
    void refusesAPolicyThatNamesNoServer() {
        assertThatThrownBy(() -> context.policy("endpoints: []")).isInstanceOf(ConfigProblem.class);

        Problem problem = context.problems.all().get(0);
        assertThat(problem.code()).isEqualTo("E0201");
        assertThat(problem.message()).contains("pipeline 'main'", "'endpoint'", "'oauth2-introspect'");
        assertThat(problem.hints()).anyMatch(hint -> hint.contains("'issuer'"));
    }

    @Test
    void refusesMoreEndpointsThanItWatches() {
        String urls = "http://a.test/" + String.join(", http://a.test/", "abcdefghijklmnopq".split(""));

        var problems = new dev.gatehouse.config.bind.Problems();
        ConfigFixture.bind(ConfigFixture.node("endpoints: [" + urls + "]"), problems);

        assertThat(problems.all())
                .first()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("E0203"));
    }

    @Test
    void asksEachOfSeveralEndpoints() {
        Policy policy = context.policy("endpoints: [http://a.test/i, http://b.test/j]\nstrategy: roundRobin");

        ExchangeFixture.get("/").bearer("t1").run(policy);
        ExchangeFixture.get("/").bearer("t2").run(policy);

        assertThat(context.endpoint.asked("a.test")).containsExactly("t1");
        assertThat(context.endpoint.asked("b.test")).containsExactly("t2");
        assertThat(context.guards).containsExactly("introspect http://a.test/i, http://b.test/j (roundRobin) 70.0");
        assertThat(context.servers().states().get(0).endpoints())
                .extracting(EndpointState::url)
                .containsExactly("http://a.test/i", "http://b.test/j");
    }

    @Test
    void warnsAboutEachUnencryptedEndpoint() {
        context.policy("endpoints: [http://a.test/i, https://b.test/j, http://c.test/i]");

        assertThat(context.codes()).filteredOn("W0421"::equals).hasSize(2);
    }
}
