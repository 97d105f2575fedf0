package dev.gatehouse.policies.introspect;

import dev.gatehouse.exchange.Peer;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Clients that present a certificate, to the gateway or to a proxy in front of it. */
final class CertificateFixture {
    /** SHA-256 of client.pem in DER, computed with openssl. */
    static final String HASH = "AQmX0fT9tuy_l_WMcb3qPU6Svy1FCa0Z6TFngfpUeN4";

    private CertificateFixture() {}

    /** A client that presents {@code client}, {@code other}, or nothing. */
    static Peer peer(@Nullable String certificate) {
        InetSocketAddress place = InetSocketAddress.createUnresolved("127.0.0.1", 1);
        return new Peer(place, place, true, certificate == null ? null : certificate(certificate), false);
    }

    /** The other end of a connection from {@code address}, with the certificate of a proxy. */
    static Peer proxy(String address) {
        return new Peer(
                new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), 4000),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 443),
                true,
                certificate("other"),
                true);
    }

    static String pem(String name) {
        try (InputStream pem = open(name)) {
            return new String(pem.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static String base64(String name) {
        try {
            return Base64.getEncoder().encodeToString(certificate(name).getEncoded());
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate certificate(String name) {
        try (InputStream pem = open(name)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        } catch (CertificateException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(CertificateFixture.class.getResourceAsStream("/introspect/" + name + ".pem"));
    }
}
