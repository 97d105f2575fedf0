package dev.gatehouse.config.bind;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody probably meant. */
public final class Nearest {
    private static final int SHORT = 4;

    private Nearest() {}

    /**
     * The known name that {@code written} is a near miss of, or null. A near miss differs in letter case or in
     * {@code -} and {@code _} only, or by two edits; by one in names of up to four letters, which would otherwise be
     * near to everything. Two swapped neighbours are one edit.
     */
    public static @Nullable String to(String written, Collection<String> known) {
        return known.stream()
                .filter(name -> !name.equals(written) && near(written, name))
                .min(Comparator.<String>comparingInt(name -> distance(written, name))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    private static boolean near(String written, String name) {
        int allowed = name.length() <= SHORT ? 1 : 2;
        return bare(written).equals(bare(name))
                || (name.length() > 2
                        && Math.abs(written.length() - name.length()) <= allowed
                        && distance(written, name) <= allowed);
    }

    private static String bare(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Optimal string alignment distance. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : cell(a, b, d, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cell(String a, String b, int[][] d, int i, int j) {
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
