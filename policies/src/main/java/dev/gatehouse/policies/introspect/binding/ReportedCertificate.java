package dev.gatehouse.policies.introspect.binding;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policies.auth.Networks;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Mtls;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The client certificate as a proxy in front tells it, because the proxy ends TLS (RFC 9440). Nobody but a trusted proxy
 * is believed, and the field never gets further than here. Immutable; safe on any thread.
 */
final class ReportedCertificate {
    /** Its value is a byte sequence (RFC 9440 section 2.2); every other field holds PEM with URL escapes. */
    private static final String STANDARD = "client-cert";

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final int MAX_LENGTH = 16_384;

    private final String name;
    private final Networks proxies;

    ReportedCertificate(String name, Networks proxies) {
        this.name = name;
        this.proxies = proxies;
    }

    /** The fields that only a trusted proxy may set; the chain belongs to the certificate (RFC 9440 section 2.3). */
    static List<String> fields(Mtls options) {
        String name = options.certificateHeader();
        if (name == null) {
            return List.of();
        }
        return isStandard(name) ? List.of(name, "Client-Cert-Chain") : List.of(name);
    }

    /** Whether the connection comes from a proxy, so that its own certificate is not the client's. */
    boolean comesThroughProxy(Exchange exchange) {
        return proxies.hold(exchange.peer().remote());
    }

    /**
     * The certificate in DER as the proxy told it, unread: it is only compared by its hash. Null when there is none or
     * several, or when it is malformed.
     */
    byte @Nullable [] der(Exchange exchange) {
        List<String> values = exchange.withheld(name);
        if (values.size() != 1 || values.get(0).length() > MAX_LENGTH) {
            return null;
        }
        String value = values.get(0).strip();
        return isStandard(name) ? byteSequence(value) : pem(value);
    }

    private static boolean isStandard(String name) {
        return name.toLowerCase(Locale.ROOT).equals(STANDARD);
    }

    /** RFC 9651 section 3.3.5. */
    private static byte @Nullable [] byteSequence(String value) {
        boolean enclosed = value.length() > 2 && value.startsWith(":") && value.endsWith(":");
        return enclosed ? decoded(value.substring(1, value.length() - 1)) : null;
    }

    private static byte @Nullable [] pem(String value) {
        String text = unescaped(value);
        if (text == null) {
            return null;
        }
        String block = text.strip();
        boolean enclosed = block.startsWith(BEGIN) && block.indexOf(END) == block.length() - END.length();
        return enclosed
                ? decoded(block.substring(BEGIN.length(), block.length() - END.length())
                        .replaceAll("\\s", ""))
                : null;
    }

    /** Escapes only: a plus is a character of Base64 and stays one. */
    private static @Nullable String unescaped(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%') {
                if (i + 2 >= value.length()) {
                    return null;
                }
                int octet = Character.digit(value.charAt(i + 1), 16) << 4 | Character.digit(value.charAt(i + 2), 16);
                if (octet < 0 || octet > 0x7f) {
                    return null;
                }
                c = (char) octet;
                i += 2;
            }
            text.append(c);
        }
        return text.toString();
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
            return bytes.length == 0 ? null : bytes;
        } catch (IllegalArgumentException e) {
            return null; // not Base64: no certificate
        }
    }
}
