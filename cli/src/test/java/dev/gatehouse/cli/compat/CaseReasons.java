package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Cases that do not behave as the others, with the reason of each. A case that does behave has to leave its list.
 *
 * @param reasons by id
 */
record CaseReasons(Map<String, String> reasons) {
    /** Wait for a later part of the product. */
    static final CaseReasons NOT_YET = read("not-yet.txt");

    /** Keep to Express Gateway's way, although the recording prefers another. */
    static final CaseReasons NOT_PREFERRED = read("not-preferred.txt");

    boolean contains(CompatCase subject) {
        return reasons.containsKey(subject.id());
    }

    private static CaseReasons read(String file) {
        Map<String, String> reasons = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(CaseReasons.class.getResourceAsStream("/compat/" + file)), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] parts = line.split("\\s+", 2);
                    reasons.put(parts[0], parts.length == 2 ? parts[1] : "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CaseReasons(reasons);
    }
}
