package dev.gatehouse.server.document;

import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.PublicDocument;
import dev.gatehouse.route.HostPattern;
import dev.gatehouse.route.RequestTarget;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a configuration by the place where they are served. Immutable; safe on any thread. A request for
 * anything else costs one comparison.
 */
public final class Documents {
    /** Where all documents are (RFC 8615): no API of the operator stands there by chance. */
    public static final String FOLDER = "/.well-known/";

    public static final Documents NONE = new Documents(Map.of());

    private final Map<String, List<Entry>> byTarget = new HashMap<>();

    private record Entry(HostPattern host, DocumentReplies replies) {}

    /**
     * Where a document is.
     *
     * @param host which Host fields it is served for
     * @param target path and query in canonical form, compared exactly
     */
    public record Place(HostPattern host, String target) {
        public Place {
            if (!target.startsWith(FOLDER)) {
                throw new IllegalArgumentException("not in " + FOLDER + ": " + target);
            }
        }
    }

    /** @param documents where the hosts of two places overlap, the first one wins */
    public Documents(Map<Place, PublicDocument> documents) {
        documents.forEach((place, document) -> byTarget.computeIfAbsent(place.target(), target -> new ArrayList<>())
                .add(new Entry(place.host(), new DocumentReplies(document))));
    }

    /**
     * The answer to a request for a document, also to one with a method that documents do not have.
     *
     * @param hostHeader the Host field; null when the request has none
     * @return null when there is no document at this place, or when it is not clear which host is meant
     */
    public @Nullable Reply answer(@Nullable String hostHeader, RequestTarget target, HttpRequest request) {
        if (byTarget.isEmpty() || !target.originForm().startsWith(FOLDER)) {
            return null;
        }
        String authority = target.authority();
        if (authority != null && hostHeader != null && !HostPattern.isSameAuthority(authority, hostHeader)) {
            return null; // routing refuses it
        }
        int length = HostPattern.nameLength(hostHeader);
        for (Entry entry : byTarget.getOrDefault(target.originForm(), List.of())) {
            if (entry.host().matches(hostHeader, length)) {
                return entry.replies().answer(request);
            }
        }
        return null;
    }
}
