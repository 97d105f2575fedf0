package dev.gatehouse.cli.run;

/** Numbers with their nouns. */
public final class Counts {
    private Counts() {}

    /** {@code 1 warning}, {@code 2 warnings}, {@code 0 warnings}. */
    public static String of(long number, String noun) {
        return grouped(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** {@code 1 204}. */
    static String grouped(long number) {
        String digits = Long.toString(number);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            if (i > 0 && (digits.length() - i) % 3 == 0) {
                out.append(' ');
            }
            out.append(digits.charAt(i));
        }
        return out.toString();
    }
}
