package dev.gatehouse.config.system;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Secret;

/** {@code crypto}: how tokens are encrypted and passwords hashed. */
public record CryptoConfig(
        @Doc("Key that encrypts tokens.") @Default("sensitiveKey")
        Secret cipherKey,

        @Doc("Cipher that encrypts tokens.") @Default("aes256")
        String algorithm,

        @Doc("Cost of a password hash, as a power of two.") @Default("10")
        int saltRounds) {
    private static final Secret PUBLIC = new Secret("sensitiveKey");

    public CryptoConfig {
        if (saltRounds < 4 || saltRounds > 31) {
            throw new IllegalArgumentException("saltRounds: " + saltRounds + " (expected: 4 to 31)");
        }
    }

    /** Whether the key is the one that everybody knows. */
    public boolean hasPublicKey() {
        return cipherKey.equals(PUBLIC);
    }
}
