package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.HttpsConfig;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.tls.Handshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener agrees on, seen by real clients. */
class ServerHandshakeIT {
    private static final String ECDSA_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String ECDSA_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

    @TempDir
    private Path folder;

    private PemFixture files;

    @BeforeEach
    void start() {
        files = new PemFixture(folder);
    }

    private HttpsConfig config(Handshake handshake) {
        return config(handshake, files.issue("a.test"));
    }

    private static HttpsConfig config(Handshake handshake, PemFixture.Pair pair) {
        HttpsConfig.Certificate entry = new HttpsConfig.Certificate("default", pair.key(), pair.cert(), List.of());
        return new HttpsConfig(0, null, List.of(entry), false, true, handshake);
    }

    private static Handshake versions(String... versions) {
        return new Handshake(List.of(versions), Handshake.SUITES, true, List.of(), null);
    }

    private static Handshake suites(boolean serverOrder, String... suites) {
        return new Handshake(Handshake.VERSIONS, List.of(suites), serverOrder, List.of(), null);
    }

    private static SSLSession session(TlsServerFixture server, Consumer<SSLParameters> settings) throws Exception {
        try (SSLSocket socket = server.client("a.test", settings)) {
            socket.startHandshake();
            // A refusal of TLS 1.3 may come behind the client's own end of the handshake.
            assertThat(socket.getInputStream().readNBytes(2)).hasSize(2);
            return socket.getSession();
        }
    }

    private static Consumer<SSLParameters> version(String version) {
        return parameters -> parameters.setProtocols(new String[] {version});
    }

    private static Consumer<SSLParameters> only(String version, String... suites) {
        return parameters -> {
            parameters.setProtocols(new String[] {version});
            parameters.setCipherSuites(suites);
        };
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL,TLSv1.2,TLSv1.3", "BORINGSSL,TLSv1.3,TLSv1.2", "JDK,TLSv1.2,TLSv1.3", "JDK,TLSv1.3,TLSv1.2"})
    void refusesAVersionThatIsSwitchedOff(TlsEngine engine, String offered, String asked) throws Exception {
        try (TlsServerFixture server = new TlsServerFixture(config(versions(offered)), engine)) {
            assertThat(session(server, version(offered)).getProtocol()).isEqualTo(offered);
            assertThatThrownBy(() -> session(server, version(asked))).isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL,0", "BORINGSSL,1", "BORINGSSL,2", "JDK,0", "JDK,1", "JDK,2"})
    void refusesRetiredVersions(TlsEngine engine, int minor) throws Exception {
        try (TlsServerFixture server = new TlsServerFixture(config(Handshake.STANDARD), engine);
                Socket socket = new Socket()) {
            socket.connect(server.address());
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(clientHello(minor));

            InputStream in = socket.getInputStream();
            byte[] answer = in.readNBytes(7);

            // An alert, fatal: protocol_version of RFC 8446 section 6, or handshake_failure for SSL 3.0.
            assertThat(answer).hasSize(7);
            assertThat(answer[0]).isEqualTo((byte) 21);
            assertThat(answer[5]).isEqualTo((byte) 2);
            assertThat((int) answer[6]).isIn(40, 70);
        }
    }

    /** The hello of a client that knows nothing newer than SSL 3.0, TLS 1.0 or TLS 1.1, with suites of that time. */
    private static byte[] clientHello(int minor) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {3, (byte) minor});
        body.writeBytes(new byte[32]);
        body.writeBytes(new byte[] {0, 0, 6, (byte) 0xc0, 0x09, (byte) 0xc0, 0x13, 0, 0x2f, 1, 0});
        int length = body.size();
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(new byte[] {22, 3, (byte) minor, 0, (byte) (length + 4), 1, 0, 0, (byte) length});
        hello.writeBytes(body.toByteArray());
        return hello.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesASuiteThatIsNotInTheList(TlsEngine engine) throws Exception {
        Handshake handshake = new Handshake(List.of(Handshake.TLS_1_2), List.of(ECDSA_256), true, List.of(), null);
        try (TlsServerFixture server = new TlsServerFixture(config(handshake), engine)) {
            assertThat(session(server, only("TLSv1.2", ECDSA_128, ECDSA_256)).getCipherSuite())
                    .isEqualTo(ECDSA_256);
            assertThatThrownBy(() -> session(server, only("TLSv1.2", ECDSA_128)))
                    .isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL,true", "BORINGSSL,false", "JDK,true", "JDK,false"})
    void followsTheOrderOfTheSideThatDecides(TlsEngine engine, boolean serverOrder) throws Exception {
        Handshake handshake = suites(serverOrder, ECDSA_256, ECDSA_128, "TLS_AES_256_GCM_SHA384");
        try (TlsServerFixture server = new TlsServerFixture(config(handshake), engine)) {
            assertThat(session(server, only("TLSv1.2", ECDSA_128, ECDSA_256)).getCipherSuite())
                    .isEqualTo(serverOrder ? ECDSA_256 : ECDSA_128);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void offersOnlySomeSuitesOfTls13WhereThatIsAsked(TlsEngine engine) throws Exception {
        Handshake handshake = suites(true, "TLS_AES_256_GCM_SHA384", ECDSA_256);
        try (TlsServerFixture server = new TlsServerFixture(config(handshake), engine)) {
            assertThat(session(server, version("TLSv1.3")).getCipherSuite()).isEqualTo("TLS_AES_256_GCM_SHA384");
            assertThatThrownBy(() -> session(server, only("TLSv1.3", "TLS_AES_128_GCM_SHA256")))
                    .isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL,TLSv1.2", "BORINGSSL,TLSv1.3", "JDK,TLSv1.2", "JDK,TLSv1.3"})
    void refusesACurveThatIsNotInTheListWhereTheEngineCanBeTold(TlsEngine engine, String version) throws Exception {
        Handshake handshake = new Handshake(Handshake.VERSIONS, Handshake.SUITES, true, List.of("secp384r1"), null);
        // Before TLS 1.3 the groups of a client also say which elliptic curve certificates it takes.
        PemFixture.Pair pair = files.issueRsa("a.test");
        try (TlsServerFixture server = new TlsServerFixture(config(handshake, pair), engine)) {
            assertThat(sharedGroup(server, version, 24)).isTrue();
            boolean cannotBeTold = engine == TlsEngine.JDK && Runtime.version().feature() < 20;
            assertThat(sharedGroup(server, version, 29)).isEqualTo(cannotBeTold);
        }
    }

    /** Whether the server goes on with a client that knows one group only. */
    private static boolean sharedGroup(TlsServerFixture server, String version, int group) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server.address());
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(CurveHello.bytes(version.equals("TLSv1.3"), group));
            // A server hello or a request for another hello; an alert otherwise.
            return socket.getInputStream().read() == 22;
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesToNegotiateAgain(TlsEngine engine) throws Exception {
        try (TlsServerFixture server = new TlsServerFixture(config(Handshake.STANDARD), engine);
                SSLSocket socket = server.client("a.test", version("TLSv1.2"))) {
            socket.startHandshake();
            assertThat(socket.getInputStream().readNBytes(2)).hasSize(2);

            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().readNBytes(1);
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void opensAnEncryptedKeyWithItsPassphrase() throws Exception {
        PemFixture.Pair pair = files.issue("a.test");
        Path key = files.encrypted(pair, "open sesame");
        HttpsConfig.Certificate entry = new HttpsConfig.Certificate("default", key, pair.cert(), List.of());
        Handshake handshake =
                new Handshake(Handshake.VERSIONS, Handshake.SUITES, true, List.of(), new Secret("open sesame"));

        try (TlsServerFixture server = new TlsServerFixture(
                new HttpsConfig(0, null, List.of(entry), false, true, handshake), TlsEngine.detect())) {
            assertThat(session(server, version("TLSv1.3")).getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void compressesNothingInEitherVersion() throws Exception {
        try (TlsServerFixture server = new TlsServerFixture(config(Handshake.STANDARD), TlsEngine.detect());
                Socket socket = new Socket()) {
            socket.connect(server.address());
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(CurveHello.compressing());

            byte[] record = socket.getInputStream().readNBytes(9 + 2 + 32 + 1);
            int sessionId = record[record.length - 1];
            byte[] rest = socket.getInputStream().readNBytes(sessionId + 3);

            // RFC 5246 section 7.4.1.3: behind session and suite stands the compression method; 0 is none.
            assertThat(record[0]).isEqualTo((byte) 22);
            assertThat(rest[sessionId + 2]).isEqualTo((byte) 0);
        }
    }
}
