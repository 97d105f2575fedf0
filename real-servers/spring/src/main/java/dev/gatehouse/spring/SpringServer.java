package dev.gatehouse.spring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenClaimsContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;

/**
 * The server with opaque tokens. Its port, address and issuer are properties of Spring Boot; the secret of client
 * {@code x} is the property {@code secret.x}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class SpringServer {
    private static final String ORDERS_API = "orders-api";

    public static void main(String[] args) {
        SpringApplication.run(SpringServer.class, args);
    }

    @Bean
    RegisteredClientRepository clients(Environment environment) {
        return new InMemoryRegisteredClientRepository(
                client("app", environment), client("app-dpop", environment), client("gateway", environment));
    }

    /** Adds nested claims, and the audience of an API to tokens with its scope. */
    @Bean
    OAuth2TokenCustomizer<OAuth2TokenClaimsContext> claims() {
        return context -> {
            context.getClaims().claim("tenant", Map.of("name", "acme", "groups", List.of("blue", "green")));
            if (context.getAuthorizedScopes().contains(ORDERS_API)) {
                context.getClaims().audience(List.of("https://orders.example.com"));
            }
        };
    }

    private static RegisteredClient client(String id, Environment environment) {
        return RegisteredClient.withId(id)
                .clientId(id)
                .clientSecret("{noop}" + environment.getRequiredProperty("secret." + id))
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scopes(scopes -> scopes.addAll(Set.of("orders:read", "orders:write", ORDERS_API)))
                .tokenSettings(TokenSettings.builder()
                        .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                        .build())
                .build();
    }
}
