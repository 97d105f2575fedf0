package dev.gatehouse.config.bind;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names stand for values that must not be shown. Misspelt names count too. */
public final class SecretNames {
    private static final Pattern WORD = Pattern.compile(
            "pass(word|wd|phrase)|passw|secret|token|credential|cipherkey|apikey|privatekey|bearer|cookie");
    private static final Set<String> WHOLE =
            Set.of("auth", "authorization", "authorizationvalue", "authorizationheader", "proxyauthorization", "pwd");
    private static final List<String> NEAR =
            List.of("authorization", "authorizationvalue", "password", "secret", "cipherkey");
    // client_secret_file or token_endpoint say where something is, or how it is called, and are no secret themselves.
    private static final Pattern ABOUT = Pattern.compile(
            ".*(type|hint|endpoint|url|uri|file|header|param|parameter|name|names|ttl|expiry|format|lifetime|policy|prefix)");

    private SecretNames() {}

    /** Whether the value of the key or variable {@code name} must not be shown. */
    public static boolean matches(String name) {
        String bare = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (ABOUT.matcher(bare).matches()) {
            return false;
        }
        return WHOLE.contains(bare)
                || WORD.matcher(bare).find()
                || NEAR.stream()
                        .anyMatch(secret ->
                                Math.abs(secret.length() - bare.length()) <= 2 && Nearest.distance(secret, bare) <= 2);
    }
}
