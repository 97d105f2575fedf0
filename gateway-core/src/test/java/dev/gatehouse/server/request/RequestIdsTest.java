package dev.gatehouse.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
    @Test
    void looksLikeThoseOfExpressGatewayAndDiffers() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(RequestIds.next());
        }

        assertThat(ids).hasSize(1000).allMatch(id -> id.matches("[0-9a-zA-Z]{22}"));
    }
}
