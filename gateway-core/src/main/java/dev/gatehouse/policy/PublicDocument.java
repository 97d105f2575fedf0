package dev.gatehouse.policy;

import static java.util.Objects.requireNonNull;

/**
 * A text that the gateway gives to everybody who asks, such as metadata about an API. Immutable.
 *
 * @param mediaType value of the Content-Type field
 */
public record PublicDocument(String mediaType, String text) {
    public PublicDocument {
        requireNonNull(mediaType, "mediaType");
        requireNonNull(text, "text");
    }
}
