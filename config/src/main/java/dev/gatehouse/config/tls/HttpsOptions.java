package dev.gatehouse.config.tls;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Key;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code https.options} as written; the names are those of Node's TLS server. */
public record HttpsOptions(
        @Doc("Whether a client certificate is asked for.") @Default("false")
        boolean requestCert,

        @Doc("Whether an untrusted or missing client certificate ends the handshake, when one is asked for.")
        @Default("true")
        boolean rejectUnauthorized,

        @Doc("Oldest version: `TLSv1.2` or `TLSv1.3`; absent = TLSv1.2.") @Nullable
        Located<String> minVersion,

        @Doc("Newest version: `TLSv1.2` or `TLSv1.3`; absent = TLSv1.3.") @Nullable
        Located<String> maxVersion,

        @Doc("Cipher suites in the form of OpenSSL; weak ones are left out.") @Nullable
        Located<String> ciphers,

        @Doc("Whether the order of `ciphers` decides, not that of the client.") @Default("true")
        boolean honorCipherOrder,

        @Doc("Opens encrypted private keys (PKCS #8).") @Nullable
        Secret passphrase,

        @Doc("Groups for the key exchange, with colons between them; `auto` = those of the TLS engine.") @Nullable
        Located<String> ecdhCurve,

        @Doc("Protocols to offer; only `http/1.1` is.") @Key("ALPNProtocols") @OneOrMany @Nullable
        List<Located<String>> alpnProtocols) {}
