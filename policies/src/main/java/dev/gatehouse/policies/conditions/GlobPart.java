package dev.gatehouse.policies.conditions;

import java.util.BitSet;
import java.util.List;

/** A piece of a glob. Works on sets of positions in the text. */
sealed interface GlobPart {
    /** Positions at which this part can end when it starts at one of {@code starts}. */
    BitSet ends(String text, BitSet starts);

    /** Whether it is something other than a character that stands for itself. */
    default boolean isMagic() {
        return true;
    }

    /** One character of a kind; never a slash unless it is written. */
    record One(String set, boolean excluded, boolean magic) implements GlobPart {
        /** Pairs of first and last character. */
        boolean accepts(char c) {
            if (magic && c == '/') {
                return false;
            }
            for (int i = 0; i < set.length(); i += 2) {
                if (c >= set.charAt(i) && c <= set.charAt(i + 1)) {
                    return !excluded;
                }
            }
            return excluded;
        }

        @Override
        public boolean isMagic() {
            return magic;
        }

        @Override
        public BitSet ends(String text, BitSet starts) {
            BitSet ends = new BitSet();
            for (int at = starts.nextSetBit(0); at >= 0 && at < text.length(); at = starts.nextSetBit(at + 1)) {
                if (accepts(text.charAt(at))) {
                    ends.set(at + 1);
                }
            }
            return ends;
        }
    }

    /** Any run of characters without a slash. */
    record Run() implements GlobPart {
        @Override
        public BitSet ends(String text, BitSet starts) {
            BitSet ends = new BitSet();
            for (int at = starts.nextSetBit(0); at >= 0; at = starts.nextSetBit(at + 1)) {
                int slash = text.indexOf('/', at);
                int end = slash < 0 ? text.length() : slash;
                ends.set(at, end + 1);
                at = end;
            }
            return ends;
        }
    }

    /** Alternatives, each a glob of its own, as often as the mark allows. */
    record Group(char mark, List<List<GlobPart>> alternatives) implements GlobPart {
        @Override
        public BitSet ends(String text, BitSet starts) {
            BitSet once = once(text, starts);
            if (mark == '*' || mark == '+') {
                BitSet all = (BitSet) once.clone();
                for (BitSet more = once; !more.isEmpty(); all.or(more)) {
                    more = once(text, more);
                    more.andNot(all);
                }
                once = all;
            }
            if (mark == '?' || mark == '*') {
                once.or(starts);
            }
            return once;
        }

        BitSet once(String text, BitSet starts) {
            BitSet ends = new BitSet();
            for (List<GlobPart> alternative : alternatives) {
                ends.or(reach(alternative, 0, text, starts));
            }
            return ends;
        }
    }

    /** Positions that {@code parts} from {@code index} on reach. */
    static BitSet reach(List<GlobPart> parts, int index, String text, BitSet starts) {
        BitSet at = starts;
        for (int i = index; i < parts.size() && !at.isEmpty(); i++) {
            GlobPart part = parts.get(i);
            at = part instanceof Group group && group.mark() == '!'
                    ? others(group, parts, i + 1, text, at)
                    : part.ends(text, at);
        }
        return at;
    }

    /** Any run, but from where no alternative together with the rest of the pattern would match to the end. */
    private static BitSet others(Group group, List<GlobPart> parts, int rest, String text, BitSet starts) {
        BitSet allowed = new BitSet();
        for (int at = starts.nextSetBit(0); at >= 0; at = starts.nextSetBit(at + 1)) {
            BitSet one = new BitSet();
            one.set(at);
            if (!reach(parts, rest, text, group.once(text, one)).get(text.length())) {
                allowed.set(at);
            }
        }
        return new Run().ends(text, allowed);
    }
}
