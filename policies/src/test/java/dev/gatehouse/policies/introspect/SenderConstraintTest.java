package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.refusal.Denial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderConstraintTest {
    private final ContextFixture context = new ContextFixture();

    private @Nullable Denial outcome(String options, String cnf, @Nullable String certificate) {
        context.endpoint.token("t", "{\"active\":true" + cnf.replace("HASH", CertificateFixture.HASH) + "}");
        var exchange = ExchangeFixture.get("/")
                .bearer("t")
                .peer(CertificateFixture.peer(certificate))
                .run(context.policy("senderConstraint: {" + options + "}"));
        if (exchange.reply() == null) {
            return null;
        }
        return Denial.valueOf(Objects.requireNonNull(exchange.auth().reason()).toUpperCase(java.util.Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\"}|client",
                "mtls: required|,\"cnf\":{\"x5t#S256\":\"HASH\"}|client",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\",\"foo\":1}|client",
                "mtls: off|,\"cnf\":{\"x5t#S256\":\"HASH\"}|",
                "mtls: auto|''|",
                "dpop: off|,\"cnf\":{\"jkt\":\"k\"}|",
                "unknownConfirmation: ignore|,\"cnf\":{\"foo\":1}|",
            })
    void passesWithTheRightKey(String options, String cnf, @Nullable String certificate) {
        assertThat(outcome(options, cnf.equals("''") ? "" : cnf, certificate)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\"}||MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\"}|other|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH=\"}|client|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"\"}|client|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":7}|client|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\",\"jkt\":\"k\"}|client|DPOP",
                "mtls: auto|,\"cnf\":{\"jkt\":\"k\"}|client|DPOP",
                "mtls: auto|,\"cnf\":{\"jkt\":7}|client|DPOP",
                "mtls: auto|,\"cnf\":{\"foo\":1}|client|MTLS",
                "mtls: required|,\"x\":1|client|MTLS",
                "mtls: required, unknownConfirmation: ignore|,\"cnf\":{\"foo\":1}|client|MTLS",
                "'mtls: required, dpop: off'|,\"cnf\":{\"jkt\":\"k\"}|client|MTLS",
            })
    void refusesWithoutTheRightKey(String options, String cnf, @Nullable String certificate, Denial denial) {
        assertThat(outcome(options.replace("'", ""), cnf, certificate)).isEqualTo(denial);
    }
}
