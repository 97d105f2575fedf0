package dev.gatehouse.config.yaml;

import dev.gatehouse.config.yaml.Substitution.Piece;
import dev.gatehouse.config.yaml.Substitution.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;

/**
 * Leads from a place in the substituted text back to the file as written. A place inside a replaced value leads to the
 * whole reference, because that is what the reader of a message can see and change.
 */
final class Positions {
    private final String text;
    private final String out;
    private final List<Piece> pieces;
    private final int[] lineStarts;
    private final int[] codePoints;
    private final boolean astral;
    private final Source source;

    /** {@code templates} are the pieces that stay for a template and count as set. */
    Positions(String name, Result substituted, Set<Piece> templates) {
        this.text = substituted.text();
        this.out = substituted.out();
        this.pieces = substituted.pieces();
        this.codePoints = codePointOffsets(out);
        this.astral = text.chars().anyMatch(c -> Character.isSurrogate((char) c));
        List<String> lines = new ArrayList<>();
        this.lineStarts = split(text, lines);
        this.source = new Source(name, lines, references(templates));
    }

    Source source() {
        return source;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** The substituted text from {@code start} on. */
    char charAt(int offset) {
        return offset >= 0 && offset < out.length() ? out.charAt(offset) : '\0';
    }

    /** Offset in the substituted text; SnakeYAML counts in code points. */
    int offset(Mark mark) {
        int index = mark.getIndex();
        return codePoints.length == 0
                ? Math.min(index, out.length())
                : codePoints[Math.min(index, codePoints.length - 1)];
    }

    /** The place of {@code [from, to)} of the substituted text. */
    Span span(int from, int to) {
        int start = writtenStart(from, to);
        int end = to <= from ? Math.max(start, emptyEnd(from)) : writtenEnd(to);
        return written(start, Math.max(start, end));
    }

    /** The place of {@code [from, to)} of the text as written. */
    Span written(int from, int to) {
        int line = lineOf(from);
        int endLine = lineOf(to);
        return new Span(source, line + 1, column(line, from), endLine + 1, column(endLine, to));
    }

    /** Whether a reference was replaced inside {@code [from, to)} of the substituted text. */
    boolean substituted(int from, int to) {
        int next = firstEndingAfter(from);
        boolean overlaps = next < pieces.size() && pieces.get(next).outFrom() < to;
        Piece empty = emptyAt(from, to);
        return overlaps || empty != null;
    }

    private int writtenStart(int from, int to) {
        Piece empty = to <= from ? emptyBehindSpaces(from) : null;
        if (empty != null) {
            return empty.from();
        }
        int next = firstEndingAfter(from);
        if (next < pieces.size() && pieces.get(next).outFrom() <= from) {
            return pieces.get(next).from();
        }
        int last = next - 1;
        // A value that begins with an empty replacement begins where the reference is written.
        while (last >= 0 && pieces.get(last).outFrom() == from) {
            last--;
        }
        return shifted(from, last);
    }

    private int writtenEnd(int to) {
        int next = firstEndingAfter(to - 1);
        if (next < pieces.size() && pieces.get(next).outFrom() < to) {
            return pieces.get(next).to();
        }
        return shifted(to, next - 1);
    }

    private int emptyEnd(int from) {
        Piece empty = emptyBehindSpaces(from);
        int next = firstEndingAfter(from);
        if (empty == null && next < pieces.size() && pieces.get(next).outFrom() <= from) {
            return pieces.get(next).to();
        }
        return empty == null ? -1 : empty.to();
    }

    private int shifted(int offset, int lastBefore) {
        int shift = lastBefore < 0
                ? 0
                : pieces.get(lastBefore).to() - pieces.get(lastBefore).outTo();
        return Math.min(offset + shift, text.length());
    }

    /** The empty replacement at {@code from}, or behind the spaces that follow it. */
    private @Nullable Piece emptyBehindSpaces(int from) {
        int at = from;
        while (at < out.length() && out.charAt(at) == ' ') {
            at++;
        }
        return emptyAt(from, at);
    }

    private @Nullable Piece emptyAt(int from, int to) {
        for (int i = first(from, Piece::outFrom);
                i < pieces.size() && pieces.get(i).outFrom() <= to;
                i++) {
            if (pieces.get(i).outFrom() == pieces.get(i).outTo()) {
                return pieces.get(i);
            }
        }
        return null;
    }

    private int firstEndingAfter(int offset) {
        return first(offset + 1, Piece::outTo);
    }

    /** Index of the first piece whose {@code place} is at least {@code offset}; both ends grow from piece to piece. */
    private int first(int offset, ToIntFunction<Piece> place) {
        int low = 0;
        int high = pieces.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (place.applyAsInt(pieces.get(middle)) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int lineOf(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found : -found - 2;
    }

    private int column(int line, int offset) {
        // Counting characters is slow in a file of one long line; nearly no file needs it.
        int start = lineStarts[line];
        return (astral ? text.codePointCount(start, offset) : offset - start) + 1;
    }

    private List<Source.Reference> references(Set<Piece> templates) {
        List<Source.Reference> references = new ArrayList<>();
        Set<Piece> kept = new HashSet<>(templates);
        for (Piece piece : pieces) {
            int line = lineOf(piece.from());
            String reads = kept.contains(piece) ? text.substring(piece.from(), piece.to()) : piece.reads();
            references.add(new Source.Reference(
                    piece.name(), line + 1, column(line, piece.from()), column(line, piece.to()), reads, piece.file()));
        }
        return references;
    }

    private static int[] split(String text, List<String> lines) {
        List<Integer> starts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                starts.add(start);
                lines.add(text.substring(start, i));
                i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        starts.add(start);
        lines.add(text.substring(start));
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] codePointOffsets(String out) {
        int count = out.codePointCount(0, out.length());
        if (count == out.length()) {
            return new int[0];
        }
        int[] offsets = new int[count + 1];
        for (int i = 0, at = 0; i < count; i++) {
            offsets[i] = at;
            at += Character.charCount(out.codePointAt(at));
        }
        offsets[count] = out.length();
        return offsets;
    }
}
