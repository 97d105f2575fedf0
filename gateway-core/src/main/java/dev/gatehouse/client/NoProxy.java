package dev.gatehouse.client;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The services that the environment variable {@code no_proxy} excepts from its proxies.
 *
 * <p>Entries are separated by commas or blanks: {@code *} is everything; a name is itself and everything below it, with
 * or without {@code .} or {@code *.} in front; an address is itself, or a block with {@code /bits}; each may end with
 * {@code :port}. As in curl, an address matches only a service that is named by its address.
 */
public record NoProxy(List<Entry> entries) {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Pattern PORT = Pattern.compile("(.*[^:]|\\[.*]):(\\d{1,5})");

    public NoProxy {
        entries = List.copyOf(entries);
    }

    /**
     * One exception.
     *
     * @param name lower case; empty = every name
     * @param block first address of a block; null = a name
     * @param bits how many of its bits count
     * @param port 0 = every port
     */
    public record Entry(String name, byte @Nullable [] block, int bits, int port) {
        boolean covers(UrlPlace place, byte @Nullable [] address) {
            if (port != 0 && port != place.port()) {
                return false;
            }
            if (block != null) {
                return address != null && address.length == block.length && isSameBlock(block, address);
            }
            String host = place.host().toLowerCase(Locale.ROOT);
            return name.isEmpty() || host.equals(name) || (address == null && host.endsWith('.' + name));
        }

        private boolean isSameBlock(byte[] first, byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if (((first[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Reads the value of the variable; null = not set. What is no name and no address matches nothing. */
    public static NoProxy parse(@Nullable String value) {
        List<Entry> entries = new ArrayList<>();
        for (String text : SEPARATOR.split(value == null ? "" : value.toLowerCase(Locale.ROOT), -1)) {
            if (!text.isEmpty()) {
                entries.add(entry(text));
            }
        }
        return new NoProxy(entries);
    }

    /** Whether connections to the place are made directly. */
    public boolean covers(UrlPlace place) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(place.host());
        for (Entry entry : entries) {
            if (entry.covers(place, address)) {
                return true;
            }
        }
        return false;
    }

    private static Entry entry(String text) {
        // Two colons without brackets are an address, not a port.
        Matcher matcher = PORT.matcher(text);
        boolean withPort = matcher.matches()
                && (matcher.group(1).indexOf(':') < 0 || matcher.group(1).startsWith("["));
        int port = withPort ? Integer.parseInt(matcher.group(2)) : 0;
        String host = withPort ? matcher.group(1) : text;
        int slash = host.indexOf('/');
        byte[] block = NetUtil.createByteArrayFromIpAddressString(bare(slash < 0 ? host : host.substring(0, slash)));
        if (block == null) {
            return new Entry(host.equals("*") ? "" : host.replaceFirst("^\\*?\\.", ""), null, 0, port);
        }
        int whole = block.length * 8;
        int bits = slash < 0 ? whole : bits(host.substring(slash + 1), whole);
        return bits < 0 ? new Entry(host, null, 0, port) : new Entry(host, block, bits, port);
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int bits(String text, int most) {
        boolean number = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = number ? Integer.parseInt(text) : -1;
        return bits <= most ? bits : -1;
    }
}
