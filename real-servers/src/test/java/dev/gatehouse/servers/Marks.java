package dev.gatehouse.servers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everything secret that tests have used: tokens, client secrets, proofs, keys. No program may write any of it. */
public final class Marks {
    /** Parts of a JWT shorter than this are headers and the like, and no secret. */
    private static final int SHORTEST_PART = 40;

    private final Set<String> texts = ConcurrentHashMap.newKeySet();

    /** Remembers a secret and gives it back; of a JWT also payload and signature alone. */
    public String add(String secret) {
        if (secret.length() < 8) {
            throw new IllegalArgumentException("too short to be told from other text");
        }
        texts.add(secret);
        texts.add(URLEncoder.encode(secret, UTF_8));
        String[] parts = secret.split("\\.");
        if (parts.length == 3) {
            Arrays.stream(parts)
                    .skip(1)
                    .filter(part -> part.length() >= SHORTEST_PART)
                    .forEach(texts::add);
        }
        return secret;
    }

    public int size() {
        return texts.size();
    }

    /** Fails when any of them occurs in what a program wrote; the message does not repeat the output. */
    public void assertAbsentFrom(String output, String program) {
        assertThat(texts.stream().filter(output::contains).toList())
                .as("secrets in the output of " + program)
                .isEmpty();
    }
}
