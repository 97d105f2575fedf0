package dev.gatehouse.cli.run;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Socket addresses as people read them. */
final class Addresses {
    private Addresses() {}

    /** {@code 127.0.0.1:8080}, {@code [::1]:8080}, {@code 0.0.0.0:8080} for all addresses. */
    static String text(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host.isAnyLocalAddress()) {
            return "0.0.0.0:" + address.getPort();
        }
        String literal = host.getHostAddress();
        return (literal.indexOf(':') < 0 ? literal : '[' + literal + ']') + ':' + address.getPort();
    }

    /** Why an address cannot be bound. */
    static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("in use")) {
            return "it is in use";
        }
        return cause instanceof BindException || message.contains("ermission") ? message : cause.toString();
    }
}
