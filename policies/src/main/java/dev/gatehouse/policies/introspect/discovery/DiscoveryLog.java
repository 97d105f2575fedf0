package dev.gatehouse.policies.introspect.discovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator how discovery goes. Never told a part of a document but the URLs that were accepted. */
final class DiscoveryLog {
    private static final Logger LOG = LoggerFactory.getLogger("introspect");
    private static final String EVENT = "introspect.discovery";

    private final String issuer;

    DiscoveryLog(String issuer) {
        this.issuer = issuer;
    }

    /** The first document, or one that differs from that before. */
    void found(ServerMetadata metadata) {
        LOG.atInfo()
                .addKeyValue("event", EVENT)
                .addKeyValue("issuer", issuer)
                .log("metadata of {} is read; tokens are asked for at {}", issuer, metadata.introspectionEndpoint());
    }

    /** @param known what is used meanwhile; null = nothing, requests are refused with 503 */
    void failed(String reason, Duration pause, @Nullable ServerMetadata known) {
        LOG.atWarn()
                .addKeyValue("event", EVENT)
                .addKeyValue("issuer", issuer)
                .addKeyValue("cause", reason)
                .log(
                        "metadata of {} cannot be used ({}); {}, next attempt in {} s",
                        issuer,
                        reason,
                        known == null ? "its tokens are refused" : "the last copy stays in use",
                        pause.toSeconds());
    }

    /** A bug in the gateway; the kind is told, its message is not. */
    void broken(@Nullable Throwable failure) {
        LOG.atError()
                .addKeyValue("event", EVENT)
                .addKeyValue("issuer", issuer)
                .log(
                        "the call for the metadata of {} failed inside the gateway: {}",
                        issuer,
                        failure == null ? "no result" : failure.getClass().getName());
    }
}
