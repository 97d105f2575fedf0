package dev.gatehouse.config.tls;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.bind.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A list of cipher suites as OpenSSL writes it: names and groups of suites, {@code !} never, {@code -} not so far,
 * {@code +} to the end. Only suites that are safe can be the result; the rest of the list is reported.
 */
final class CipherList {
    private static final Pattern SEPARATOR = Pattern.compile("[:,\\s]+");
    private static final String HINT = "TLS 1.2 has ECDHE with AES-GCM or CHACHA20-POLY1305 here, nothing weaker.";
    /** Group to the suites of TLS 1.2 in it, and each suite under its two names. */
    private static final Map<String, List<String>> NAMES = names();
    // Shapes of names that OpenSSL knows; what fits is a suite that is not safe enough, anything else is a mistake.
    private static final Pattern KNOWN = Pattern.compile("(?i)(TLS_[A-Z0-9_]+|[A-Z0-9]+(-[A-Z0-9]+)+)|(k|a|e)[A-Z]+"
            + "|LOW|MEDIUM|COMPLEMENTOF(ALL|DEFAULT)|EXP(ORT)?\\d*|NULL|RC[24]|3?DES|MD5|SHA(1|256|384)?|PSK|SRP|ADH|AECDH|DSS|DH"
            + "|DHE|EDH|RSA|IDEA|SEED|CAMELLIA\\d*|ARIA(GCM)?\\d*|AESCCM8?|CBC|SSLv[23]|TLSv1(\\.0)?|GOST\\d*");

    private final Problems problems;
    private final Set<String> chosen = new LinkedHashSet<>();
    private final Set<String> never = new LinkedHashSet<>();

    private CipherList(Problems problems) {
        this.problems = problems;
    }

    /** The suites by their IANA names; empty after a report that nothing is left. */
    static List<String> read(Located<String> written, String path, Problems problems) {
        CipherList list = new CipherList(problems);
        for (String element : SEPARATOR.split(written.value().strip(), -1)) {
            if (!element.isEmpty() && !element.startsWith("@")) {
                list.apply(element, written, path);
            }
        }
        if (list.chosen.isEmpty()) {
            problems.error("E0506", written.span(), path, "'" + path + "' leaves no cipher suite", HINT);
        }
        return List.copyOf(list.chosen);
    }

    private void apply(String element, Located<String> written, String path) {
        char sign = element.charAt(0);
        boolean signed = sign == '!' || sign == '-' || sign == '+';
        List<String> suites = suites(signed ? element.substring(1) : element);
        if (!signed) {
            if (suites == null || suites.isEmpty()) {
                report(element, written, path);
            } else {
                suites.stream().filter(suite -> !never.contains(suite)).forEach(chosen::add);
            }
            return;
        }
        List<String> known = suites == null ? List.of() : suites;
        boolean moved = sign == '+';
        for (String suite : known) {
            if (chosen.remove(suite) && moved) {
                chosen.add(suite);
            }
        }
        if (sign == '!') {
            never.addAll(known);
        }
    }

    private void report(String element, Located<String> written, String path) {
        // Only names of this family are near misses of a safe suite; DHE-… is a suite of its own.
        String near = element.startsWith("ECDHE-") ? Nearest.to(element, NAMES.keySet()) : null;
        boolean exists = near == null && KNOWN.matcher(element).matches();
        problems.warn(
                "W0506",
                written.span(),
                path,
                exists
                        ? "cipher '" + element + "' is not safe enough and is left out"
                        : "there is no cipher '" + element + "'",
                near == null ? HINT : "did you mean '" + near + "'?");
    }

    /** The safe suites of a name, of a group, or of several groups with a plus between them; null = not known. */
    private static @Nullable List<String> suites(String element) {
        List<String> suites = null;
        for (String group : element.split("\\+", -1)) {
            List<String> members = NAMES.get(group);
            if (members == null) {
                return null;
            }
            if (suites == null) {
                suites = new ArrayList<>(members);
            } else {
                suites.retainAll(members);
            }
        }
        return suites;
    }

    private static Map<String, List<String>> names() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        Handshake.SUITES_1_3.forEach(suite -> names.put(suite, List.of(suite)));
        for (String suite : Handshake.SUITES_1_2) {
            names.put(suite, List.of(suite));
            names.put(openSslName(suite), List.of(suite));
        }
        for (String all : List.of(
                "ALL", "DEFAULT", "HIGH", "ECDHE", "EECDH", "ECDH", "kECDHE", "kEECDH", "TLSv1.2", "FIPS", "AEAD")) {
            names.put(all, Handshake.SUITES_1_2);
        }
        group(names, "_AES_", "AES", "AESGCM");
        group(names, "_AES_128_", "AES128");
        group(names, "_AES_256_", "AES256");
        group(names, "_CHACHA20_", "CHACHA20");
        group(names, "_RSA_", "aRSA");
        group(names, "_ECDSA_", "aECDSA", "ECDSA");
        return Map.copyOf(names);
    }

    private static void group(Map<String, List<String>> names, String part, String... called) {
        List<String> members = Handshake.SUITES_1_2.stream()
                .filter(suite -> suite.contains(part))
                .toList();
        for (String name : called) {
            names.put(name, members);
        }
    }

    /** {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256} is {@code ECDHE-RSA-AES128-GCM-SHA256} there. */
    private static String openSslName(String suite) {
        return suite.substring("TLS_".length())
                .replace("_WITH_", "_")
                .replace("AES_", "AES")
                .replaceFirst("_POLY1305_SHA256$", "_POLY1305")
                .replace('_', '-');
    }
}
