package dev.gatehouse.policies.ratelimit;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.Template;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.RequestFields;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By what the clients of one limit are told apart. Immutable; asked on the event loop of the exchange. */
final class ClientKey {
    private static final Logger LOG = LoggerFactory.getLogger(ClientKey.class);

    /** What <code>${req.ip}</code> reads, so that steps with and without a template can count together. */
    private static final RequestFields.Field ADDRESS = Objects.requireNonNull(RequestFields.named("ip"), "ip");

    /** The key of requests for which none can be computed; also what a template makes of an undefined value. */
    private static final String UNDEFINED = "undefined";

    private static final int LONGEST = 128;
    private static final HexFormat HEX = HexFormat.of();

    private final @Nullable Template template;

    /**
     * A key made by {@code template}.
     *
     * @param template null = the address of the client's end of the connection; no header can change it
     */
    ClientKey(@Nullable Template template) {
        this.template = template;
    }

    /** The key of a request, of bounded length. */
    String of(Exchange exchange) {
        if (template == null) {
            return String.valueOf(ADDRESS.read(exchange));
        }
        try {
            return bounded(template.text(exchange));
        } catch (ExpressionFailure failure) {
            LOG.error(
                    "request {}: the rateLimitBy of pipeline '{}' failed, so it counts with all such requests: {}",
                    exchange.id(),
                    exchange.pipeline(),
                    failure.getMessage());
            return UNDEFINED;
        }
    }

    /** The text itself, or its digest, which is longer than every text that stands for itself. */
    private static String bounded(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(text.getBytes(StandardCharsets.UTF_8));
            return '#' + HEX.formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-512", impossible);
        }
    }
}
