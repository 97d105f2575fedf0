package dev.gatehouse.policies.auth;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and networks of both families, such as {@code 10.0.0.0/8} and {@code ::1}. No name is ever looked up.
 * Immutable; safe on any thread.
 */
public final class Networks {
    private final List<Network> networks;

    private record Network(byte[] address, int prefix) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
                int mask = prefix - bit >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - (prefix - bit));
                if (((address[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private Networks(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * Those that are written.
     *
     * @throws IllegalArgumentException unless {@link #isOne} holds for all of them
     */
    public static Networks of(List<String> written) {
        return new Networks(written.stream().map(Networks::required).toList());
    }

    /** Whether the text is an address, or an address and the length of its prefix. */
    public static boolean isOne(String text) {
        return read(text) != null;
    }

    /** Whether one of them holds the address; one that was never resolved is in none. */
    public boolean hold(InetSocketAddress socket) {
        InetAddress address = socket.getAddress();
        if (address == null) {
            return false;
        }
        byte[] bytes = address.getAddress();
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).holds(bytes)) {
                return true;
            }
        }
        return false;
    }

    /** Whether some network is a whole family of addresses. */
    public boolean holdEverything() {
        return networks.stream().anyMatch(network -> network.prefix() == 0);
    }

    private static Network required(String text) {
        Network network = read(text);
        if (network == null) {
            throw new IllegalArgumentException("not a network: " + text);
        }
        return network;
    }

    private static @Nullable Network read(String text) {
        int slash = text.indexOf('/');
        String written = slash < 0 ? text : text.substring(0, slash);
        boolean literal = NetUtil.isValidIpV4Address(written) || NetUtil.isValidIpV6Address(written);
        byte[] address = literal ? NetUtil.createByteArrayFromIpAddressString(written) : null;
        if (address == null) {
            return null;
        }
        int bits = address.length * Byte.SIZE;
        if (slash < 0) {
            return new Network(address, bits);
        }
        String length = text.substring(slash + 1);
        boolean number = length.matches("\\d{1,3}") && Integer.parseInt(length) <= bits;
        return number ? new Network(address, Integer.parseInt(length)) : null;
    }
}
