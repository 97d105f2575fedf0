package dev.gatehouse.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom a listener trusts as a client. */
final class ClientTrust {
    private ClientTrust() {}

    /** @param authorities PEM files; empty = the authorities of the Java runtime */
    static X509TrustManager of(List<Path> authorities) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities.isEmpty() ? null : store(authorities));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new TlsProblem("the Java runtime cannot verify certificates");
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsProblem("the authorities for client certificates cannot be used: " + e.getMessage(), e);
        }
    }

    /** Lets every certificate pass; what it is worth is asked later. The client still proves that it has the key. */
    static X509TrustManager undecided(X509TrustManager decisive) {
        return new Undecided(decisive);
    }

    private static @Nullable KeyStore store(List<Path> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Path file : authorities) {
            for (X509Certificate certificate : PemFiles.certificates(file)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
        }
        return store;
    }

    private static final class Undecided extends X509ExtendedTrustManager {
        private final X509TrustManager decisive;

        private Undecided(X509TrustManager decisive) {
            this.decisive = decisive;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return decisive.getAcceptedIssuers();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("not for servers");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("not for servers");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not for servers");
        }
    }
}
