package dev.gatehouse.policies.proxy;

import dev.gatehouse.exchange.Peer;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code x-forwarded-*} fields of the option {@code xfwd}: appended to what came in, the host only if absent. */
final class ForwardedFields {
    private static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString PORT = AsciiString.cached("x-forwarded-port");
    private static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString HOST = AsciiString.cached("x-forwarded-host");

    /** All of them, lower case. */
    static final List<String> NAMES = List.of(FOR.toString(), PORT.toString(), PROTO.toString(), HOST.toString());

    private ForwardedFields() {}

    static void add(HttpHeaders headers, Peer peer, @Nullable String host) {
        append(headers, FOR, address(peer));
        append(headers, PORT, port(host, peer.secure()));
        append(headers, PROTO, peer.secure() ? "https" : "http");
        if (host != null && !headers.contains(HOST)) {
            headers.set(HOST, host);
        }
    }

    private static void append(HttpHeaders headers, AsciiString name, String value) {
        List<String> received = headers.getAll(name);
        headers.set(name, received.isEmpty() ? value : String.join(", ", received) + ',' + value);
    }

    private static String address(Peer peer) {
        InetAddress address = peer.remote().getAddress();
        String text = address == null ? peer.remote().getHostString() : address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static String port(@Nullable String host, boolean secure) {
        int colon = host == null ? -1 : host.indexOf(':', host.indexOf(']') + 1);
        return host != null && colon >= 0 && colon < host.length() - 1
                ? host.substring(colon + 1)
                : secure ? "443" : "80";
    }
}
