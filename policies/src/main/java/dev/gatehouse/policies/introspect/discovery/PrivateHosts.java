package dev.gatehouse.policies.introspect.discovery;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells hosts of the own network from those of the internet, by what is written: a server out there must not be able
 * to send the gateway's credentials and tokens to a neighbour (RFC 9728 section 7.7 describes the attack). Names are
 * not resolved. What is neither a name nor a clean address literal counts as private, because some resolver may read
 * {@code 0177.1} or {@code 0x7f000001} as an address.
 */
final class PrivateHosts {
    private static final List<String> PRIVATE_ENDS = List.of(".localhost", ".local", ".internal", ".home.arpa", ".lan");

    private PrivateHosts() {}

    /** @param host as in {@link ServerUrl#host()} */
    static boolean contain(String host) {
        if (host.indexOf(':') >= 0) {
            byte @Nullable [] address = NetUtil.createByteArrayFromIpAddressString(host);
            return address == null || (address.length == 4 ? isPrivate4(address, 0) : isPrivate6(address));
        }
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (last.isEmpty() || Character.isDigit(last.charAt(0))) {
            byte @Nullable [] address = isPlainIpv4(name) ? NetUtil.createByteArrayFromIpAddressString(name) : null;
            return address == null || isPrivate4(address, 0);
        }
        // A name of one label is found in the search domain of the machine.
        return name.indexOf('.') < 0 || PRIVATE_ENDS.stream().anyMatch(name::endsWith);
    }

    /** Four decimal numbers without leading zeros, which some readers take as octal. */
    private static boolean isPlainIpv4(String name) {
        String[] parts = name.split("\\.", -1);
        for (String part : parts) {
            boolean decimal =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!decimal || (part.length() > 1 && part.charAt(0) == '0')) {
                return false;
            }
        }
        return parts.length == 4;
    }

    private static boolean isPrivate4(byte[] address, int at) {
        int a = address[at] & 0xff;
        int b = address[at + 1] & 0xff;
        return switch (a) {
            case 0, 10, 127 -> true;
            case 100 -> (b & 0xc0) == 64;
            case 169 -> b == 254;
            case 172 -> (b & 0xf0) == 16;
            case 192 -> b == 168 || (b == 0 && address[at + 2] == 0);
            case 198 -> (b & 0xfe) == 18;
            default -> a >= 224;
        };
    }

    private static boolean isPrivate6(byte[] bytes) {
        InetAddress address = address(bytes);
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        boolean uniqueLocal = (first & 0xfe00) == 0xfc00;
        boolean sixToFour = first == 0x2002 && isPrivate4(bytes, 2);
        // ::/96, ::ffff:0:0/96 and 64:ff9b::/96 carry an IPv4 address in their last four bytes.
        boolean carries = first == 0 || first == 0x64;
        return uniqueLocal || sixToFour || (carries && isPrivate4(bytes, 12));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
