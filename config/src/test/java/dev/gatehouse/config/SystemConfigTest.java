package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.report.ProblemPrinter;
import dev.gatehouse.config.system.CryptoConfig;
import dev.gatehouse.config.system.PluginConfig;
import dev.gatehouse.config.system.RedisConfig;
import dev.gatehouse.config.system.SystemConfig;
import dev.gatehouse.config.system.TokenConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The system.config.yml beside the gateway's file. */
final class SystemConfigTest {
    private static final String WITHOUT_CONSUMERS = "http: {port: 1}\npolicies: [proxy]\npipelines: {}\n";

    @TempDir
    Path directory;

    private ConfigReader.Result read(String gateway, String system, String... moreKnown) throws IOException {
        return readFile("system.config.yml", gateway, system, moreKnown);
    }

    private ConfigReader.Result readFile(String name, String gateway, String system, String... moreKnown)
            throws IOException {
        Files.writeString(directory.resolve(name), system);
        Path file = Files.writeString(directory.resolve("gateway.config.yml"), gateway);
        Set<String> known = Stream.concat(Stream.of("proxy", "terminate"), Stream.of(moreKnown))
                .collect(Collectors.toSet());
        return ConfigReader.read(file, Map.of("REDIS_PASSWORD", "hunter2"), ReadOptions.of(known));
    }

    private static SystemConfig system(ConfigReader.Result result) {
        return Objects.requireNonNull(Objects.requireNonNull(result.config()).system());
    }

    /** {@code W0108@system.config.yml:2:3} for each problem. */
    private static List<String> places(ConfigReader.Result result) {
        return ProblemPrinter.inFileOrder(result.problems()).stream()
                .map(SystemConfigTest::place)
                .toList();
    }

    private static String place(Problem problem) {
        if (problem.span() == null) {
            return problem.code();
        }
        Path file = Path.of(problem.span().source().name()).getFileName();
        return problem.code() + "@" + file + ":" + problem.span().line() + ":"
                + problem.span().column();
    }

    private static String gatewayUsing(String policy) {
        return "http: {port: 1}\napiEndpoints: {api: {}}\npolicies: [" + policy
                + "]\npipelines:\n  main:\n    apiEndpoint: api\n    policies:\n      - " + policy + ":\n";
    }

    @Test
    void isNotNeeded() throws IOException {
        Path file = Files.writeString(directory.resolve("gateway.config.yml"), WITHOUT_CONSUMERS);

        ConfigReader.Result result = ConfigReader.read(file, Map.of(), ReadOptions.of(Set.of("proxy")));

        assertThat(Objects.requireNonNull(result.config()).system()).isNull();
        assertThat(result.problems().all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"system.config.yml", "system.config.json"})
    void isReadCompletely(String name) throws IOException {
        ConfigReader.Result result = readFile(name, WITHOUT_CONSUMERS, """
                {"db": {"redis": {"host": "redis.example", "port": "6380", "password": "${REDIS_PASSWORD}", "db": 2,
                 "namespace": "XX", "emulate": "true", "tls": {"caFile": "ca.pem"}, "connectTimeout": 5,
                 "sentinels": [{"host": "s1"}], "name": "main"}},
                 "plugins": {"rewrite": {"package": "express-gateway-plugin-rewrite"}},
                 "crypto": {"cipherKey": "own", "algorithm": "aes256", "saltRounds": 12},
                 "session": {"secret": "keyboard cat", "resave": false},
                 "accessTokens": {"timeToExpiry": "7200000", "tokenType": "jwt", "secretOrPrivateKey": "k"},
                 "refreshTokens": {"timeToExpiry": 7200000}, "authorizationCodes": {"timeToExpiry": 300000},
                 "cli": {"url": "http://localhost:9876"}}
                """, "rewrite");

        assertThat(result.problems().all()).isEmpty();
        SystemConfig system = system(result);
        assertThat(system.redis())
                .isEqualTo(new RedisConfig(
                        "redis.example",
                        6380,
                        null,
                        new Secret("hunter2"),
                        2,
                        new RedisConfig.Tls(null, null, Path.of("ca.pem")),
                        List.of(new RedisConfig.Sentinel("s1", 26379)),
                        "main",
                        true,
                        "XX"));
        assertThat(system.crypto()).isEqualTo(new CryptoConfig(new Secret("own"), "aes256", 12));
        assertThat(system.accessTokens().tokenType()).isEqualTo(TokenConfig.Type.JWT);
        assertThat(system.accessTokens().timeToExpiry()).isEqualTo(Duration.ofHours(2));
        assertThat(system.plugins()).extracting(PluginConfig::name).containsExactly("rewrite");
        assertThat(system.cliUrl()).isEqualTo(URI.create("http://localhost:9876"));
        assertThat(system.toString()).doesNotContain("hunter2", "own,", "keyboard cat", "=k");
    }

    @Test
    void hasTheDefaultsOfExpressGateway() throws IOException {
        SystemConfig system = system(read(WITHOUT_CONSUMERS, "db: {redis: {emulate: true}}\n"));

        assertThat(system.redis())
                .isEqualTo(new RedisConfig("localhost", 6379, null, null, 0, null, List.of(), null, true, "EG"));
        assertThat(system.crypto().hasPublicKey()).isTrue();
        assertThat(system.crypto().saltRounds()).isEqualTo(10);
        assertThat(system.accessTokens().timeToExpiry()).isEqualTo(Duration.ofMinutes(12));
        assertThat(system.accessTokens().tokenType()).isEqualTo(TokenConfig.Type.OPAQUE);
        assertThat(system.refreshTokens().timeToExpiry()).isEqualTo(Duration.ofMinutes(12));
        assertThat(system.authorizationCodes().timeToExpiry()).isEqualTo(Duration.ofMinutes(5));
        assertThat(system.session()).isNull();
    }

    @Test
    void prefersYamlToJson() throws IOException {
        Files.writeString(directory.resolve("system.config.json"), "{\"db\": {\"redis\": {\"db\": 1}}}");

        SystemConfig system = system(read(WITHOUT_CONSUMERS, "db: {redis: {db: 2}}\n"));

        assertThat(Objects.requireNonNull(system.redis()).db()).isEqualTo(2);
        assertThat(system.file()).isEqualTo(directory.resolve("system.config.yml"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        db: {redis: {port: x}}                    | W0203@system.config.yml:1:20
        db: {redis: {port: 70000}}                | W0203@system.config.yml:1:20
        db: {redis: {db: -1}}                     | W0203@system.config.yml:1:18
        db: {redis: {passwrd: x}}                 | W0204@system.config.yml:1:14
        db: {redis: {unheard: x}}                 | W0204@system.config.yml:1:14
        db: {redis: {host: [a]}}                  | W0202@system.config.yml:1:20
        db: {redis: {emulate: maybe}}             | W0203@system.config.yml:1:23
        db: {redis: {tls: {cert: x}}}             | W0204@system.config.yml:1:20
        db: {redis: {sentinels: {host: x}}}       | W0202@system.config.yml:1:25
        db: {redis: {sentinels: [{port: 1}]}}     | W0201@system.config.yml:1:26
        db: {redis: 5}                            | W0202@system.config.yml:1:13
        db: [redis]                               | W0202@system.config.yml:1:5
        crypto: {saltRounds: 99}                  | W0203@system.config.yml:1:22
        crypto: {saltRounds: x}                   | W0203@system.config.yml:1:22
        crypto: {cipherkey: x}                    | W0204@system.config.yml:1:10
        crypto: {algorithm: [a]}                  | W0202@system.config.yml:1:21
        accessTokens: {timeToExpiry: soon}        | W0203@system.config.yml:1:30
        accessTokens: {timeToExpiry: 0}           | W0203@system.config.yml:1:30
        accessTokens: {tokenType: paper}          | W0203@system.config.yml:1:27
        refreshTokens: {timeToExpiry: -1}         | W0203@system.config.yml:1:31
        refreshTokens: {timeToExpire: 1}          | W0204@system.config.yml:1:17
        authorizationCodes: {timeToExpiry: x}     | W0203@system.config.yml:1:36
        cli: {url: here}                          | W0203@system.config.yml:1:12
        session: 5                                | W0202@system.config.yml:1:10
        plugin: {a: }                             | W0204@system.config.yml:1:1
        unheard: {a: }                            | W0204@system.config.yml:1:1
        db: {redis: {password: '${NONE}'}}        | W0106@system.config.yml:1:25
        'db: {redis: "'                           | W0106@system.config.yml:1:13
        '- db'                                    | W0106@system.config.yml:1:1
        """)
    void doesNotStopAGatewayThatDoesNotNeedIt(String system, String place) throws IOException {
        ConfigReader.Result result = read(WITHOUT_CONSUMERS, system + "\n");

        assertThat(places(result)).containsExactly(place);
        assertThat(result.problems().all()).allMatch(problem -> problem.severity() == Severity.WARNING);
        assertThat(result.config()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        basic-auth | db: {redis: {port: x}}             | E0203@system.config.yml:1:20
        key-auth   | db: {redis: {passwrd: x}}          | E0204@system.config.yml:1:14
        oauth2     | crypto: {cipherKey: a, saltRounds: 99} | E0203@system.config.yml:1:36
        oauth2     | 'crypto: {cipherKey: ''${NONE}''}' | E0105@system.config.yml:1:22
        key-auth   | 'db: {redis: "'                    | E0102@system.config.yml:1:13
        """)
    void refusesMistakesWherePipelinesKnowConsumers(String policy, String system, String place) throws IOException {
        ConfigReader.Result result = read(gatewayUsing(policy), system + "\n", policy);

        assertThat(places(result)).contains(place);
        assertThat(result.problems().hasErrors()).isTrue();
    }

    @Test
    void warnsOfTheKeyThatEverybodyKnowsWhereItMatters() throws IOException {
        String system = "crypto:\n  cipherKey: sensitiveKey\n";

        assertThat(places(read(gatewayUsing("oauth2"), system, "oauth2")))
                .containsExactly("W0107@system.config.yml:2:3");
        assertThat(places(read(gatewayUsing("oauth2"), "db:\n", "oauth2")))
                .containsExactly("W0107@system.config.yml:1:1");
        assertThat(places(read(gatewayUsing("oauth2"), "crypto: {cipherKey: own}\n", "oauth2")))
                .isEmpty();
        assertThat(places(read(gatewayUsing("proxy"), system))).isEmpty();
    }

    @Test
    void acceptsPluginsThatAreBuiltInWithoutAWord() throws IOException {
        assertThat(places(read(WITHOUT_CONSUMERS, "plugins:\n  rewrite:\n", "rewrite")))
                .isEmpty();
        assertThat(places(read(WITHOUT_CONSUMERS, "plugins:\n  rewrite:\n")))
                .containsExactly("W0108@system.config.yml:2:3");
    }

    @Test
    void warnsOfOtherPluginsOnly() throws IOException {
        ConfigReader.Result result = read(WITHOUT_CONSUMERS, "plugins:\n  my-policy: {param: 1}\n  x-note: {}\n");

        assertThat(places(result)).containsExactly("W0108@system.config.yml:2:3");
        assertThat(result.problems().hasErrors()).isFalse();
    }

    @Test
    void warnsOfAPolicyOfAPluginThatIsOnlyListed() throws IOException {
        String gateway = "http: {port: 1}\npolicies: [proxy, my-policy]\npipelines: {}\n";

        assertThat(places(read(gateway, "plugins:\n  other:\n")))
                .containsExactly("W0401@gateway.config.yml:2:19", "W0108@system.config.yml:2:3");
    }

    @Test
    void refusesAPolicyOfAPluginInAPipelineAndNamesThePlugin() throws IOException {
        ConfigReader.Result result = read(gatewayUsing("my-policy"), "db:\nplugins:\n  my-policy:\n  other:\n");

        Problem problem = result.problems().all().get(0);
        assertThat(place(problem)).isEqualTo("E0403@gateway.config.yml:8:9");
        assertThat(problem.message())
                .isEqualTo("policy 'my-policy' is not available: it probably comes from plugin 'my-policy', and"
                        + " JavaScript plugins do not run here");
        assertThat(problem.hints()).first().isEqualTo("plugin 'my-policy' is in system.config.yml, line 3.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lambda-proxy", "rewrite"})
    void refusesThePolicyOfAWellKnownPluginThatIsNotBuiltIn(String policy) throws IOException {
        ConfigReader.Result result = read(gatewayUsing(policy), "db:\n");

        assertThat(places(result)).containsExactly("E0403@gateway.config.yml:8:9");
        assertThat(result.problems().all().get(0).message()).contains("policy '" + policy + "'", "a plugin of Express");
    }

    @Test
    void refusesAMisspeltPolicyAlsoWhereThereArePlugins() throws IOException {
        ConfigReader.Result result = read(gatewayUsing("prxoy"), "plugins:\n  other:\n");

        assertThat(places(result)).containsExactly("E0303@gateway.config.yml:3:12", "W0108@system.config.yml:2:3");
        assertThat(result.problems().all().get(0).hints()).contains("did you mean 'proxy'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic-auth", "key-auth", "oauth2"})
    void saysPlainlyThatAPolicyOfExpressGatewayIsNotThere(String policy) throws IOException {
        ConfigReader.Result result = read(gatewayUsing(policy), "db:\n");

        assertThat(result.problems().all().get(0).message())
                .isEqualTo("policy '" + policy + "' of Express Gateway is not provided by this version");
    }
}
