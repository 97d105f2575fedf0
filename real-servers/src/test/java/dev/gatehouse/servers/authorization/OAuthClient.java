package dev.gatehouse.servers.authorization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.DpopKey;
import dev.gatehouse.servers.Marks;
import dev.gatehouse.servers.WebClient;
import dev.gatehouse.servers.authorization.AuthorizationServer.ClientCredentials;
import java.net.URI;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** What the clients of an authorization server do there; each token and proof is marked. */
public final class OAuthClient {
    private final WebClient http = WebClient.plain();
    private final AuthorizationServer server;
    private final Marks marks;

    public OAuthClient(AuthorizationServer server) {
        this.server = server;
        this.marks = server.marks();
    }

    /** A token by the client credentials grant. */
    public String token(ClientCredentials client, Map<String, String> parameters) {
        return token(http, server.tokenEndpoint(), client, parameters);
    }

    /** The same from another endpoint, with the certificate of the given client of HTTP. */
    public String token(WebClient with, URI endpoint, ClientCredentials client, Map<String, String> parameters) {
        return marked(with.post(endpoint, grant(parameters), "Authorization", basic(client)));
    }

    /** A token that is bound to a key. */
    public String boundToken(ClientCredentials client, DpopKey key, Map<String, String> parameters) {
        String proof = marks.add(key.proof("POST", server.tokenEndpoint(), null));
        Answer answer =
                http.post(server.tokenEndpoint(), grant(parameters), "Authorization", basic(client), "DPoP", proof);
        assertThat(answer.text("token_type")).as(answer.body()).isEqualTo("DPoP");
        return marked(answer);
    }

    /** Revokes a token (RFC 7009). */
    public void revoke(ClientCredentials client, String token) {
        Answer answer = http.post(
                server.revocationEndpoint(),
                Map.of("token", token, "token_type_hint", "access_token"),
                "Authorization",
                basic(client));
        assertThat(answer.status()).as("revocation: " + answer.body()).isEqualTo(200);
    }

    /** Value of {@code Authorization} for id and secret; marked as well. */
    public String basic(ClientCredentials client) {
        String pair = client.id() + ":" + client.secret();
        String encoded = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
        marks.add(encoded);
        return "Basic " + encoded;
    }

    private static Map<String, String> grant(Map<String, String> parameters) {
        Map<String, String> form = new HashMap<>(parameters);
        form.put("grant_type", "client_credentials");
        return form;
    }

    private String marked(Answer answer) {
        assertThat(answer.status()).as("token request: " + answer.body()).isEqualTo(200);
        return marks.add(answer.text("access_token"));
    }
}
