package dev.gatehouse.config.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A line of a file that can be shown: secrets are {@code ***}, tabs arrows, other control characters and unusual spaces dots.
 *
 * <p>Positions are offsets in the line as written; {@link #shown} says where they are now.
 */
final class MaskedLine {
    private static final String MASK = "***";

    /** A part of the line, end exclusive. */
    record Region(int from, int to) {}

    private final List<Region> regions;
    private final String text;

    MaskedLine(String line, List<Region> secrets) {
        this.regions = disjoint(secrets);
        StringBuilder masked = new StringBuilder();
        int done = 0;
        for (Region region : regions) {
            masked.append(line, done, region.from()).append(MASK);
            done = region.to();
        }
        this.text = visible(masked.append(line, done, line.length()).toString());
    }

    String text() {
        return text;
    }

    /** Whether the part from {@code from} to {@code to} is hidden at least partly. */
    boolean hides(int from, int to) {
        return regions.stream().anyMatch(region -> region.from() < to && region.to() > from);
    }

    /** Offset in {@link #text} of the character at {@code offset}; the start of the mask when it is hidden. */
    int shown(int offset) {
        int shift = 0;
        for (Region region : regions) {
            if (offset < region.from()) {
                break;
            }
            if (offset < region.to()) {
                return region.from() + shift;
            }
            shift += MASK.length() - (region.to() - region.from());
        }
        return Math.min(offset + shift, text.length());
    }

    /** Like {@link #shown} for an exclusive end: the end of the mask when the character before it is hidden. */
    int shownEnd(int offset) {
        int shift = 0;
        for (Region region : regions) {
            if (offset <= region.from()) {
                break;
            }
            if (offset <= region.to()) {
                return region.from() + shift + MASK.length();
            }
            shift += MASK.length() - (region.to() - region.from());
        }
        return Math.min(offset + shift, text.length());
    }

    private static List<Region> disjoint(List<Region> secrets) {
        List<Region> sorted = secrets.stream()
                .filter(region -> region.from() < region.to())
                .sorted(Comparator.comparingInt(Region::from))
                .toList();
        List<Region> disjoint = new ArrayList<>();
        for (Region region : sorted) {
            Region last = disjoint.isEmpty() ? null : disjoint.get(disjoint.size() - 1);
            if (last != null && region.from() < last.to()) {
                disjoint.set(disjoint.size() - 1, new Region(last.from(), Math.max(last.to(), region.to())));
            } else {
                disjoint.add(region);
            }
        }
        return disjoint;
    }

    private static String visible(String line) {
        StringBuilder visible = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean invisible = Character.isISOControl(c) || (Character.isSpaceChar(c) && c != ' ');
            visible.append(c == '\t' ? '→' : invisible ? '·' : c);
        }
        return visible.toString();
    }
}
