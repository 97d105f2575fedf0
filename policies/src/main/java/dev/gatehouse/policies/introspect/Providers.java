package dev.gatehouse.policies.introspect;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.trial.TokenTrial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authorization servers of one policy. A token is shown to the first one that fits its request and to no other,
 * unless that one is told to let others try. Immutable; safe on any thread.
 */
final class Providers {
    private final List<Provider> all;

    /** The only one; null = there are several, or one that is not for every request. */
    private final @Nullable Provider only;

    private Providers(List<Provider> all, @Nullable Provider only) {
        this.all = all;
        this.only = only;
    }

    /** One server for everything. */
    static Providers of(Provider only) {
        return new Providers(List.of(only), only);
    }

    /** Several, in the order in which they are tried. */
    static Providers of(List<Provider> all) {
        return new Providers(List.copyOf(all), null);
    }

    /** Who their tokens come from, each once. */
    List<String> issuers() {
        return all.stream()
                .flatMap(provider -> provider.issuers().stream())
                .distinct()
                .toList();
    }

    /**
     * The same servers, ready to try a token.
     *
     * @param gate what the policy has around them
     */
    List<TokenTrial> trials(String step, TokenTrial.Gate gate) {
        return all.stream().map(provider -> provider.trial(step, gate)).toList();
    }

    /** Whom to ask; null = nobody knows such tokens. */
    @Nullable
    Provider choose(Exchange exchange, BearerToken token) {
        return only != null ? only : from(0, exchange, token);
    }

    /** Who may be asked when {@code asked} does not know the token; null = nobody. */
    @Nullable
    Provider after(Provider asked, Exchange exchange, BearerToken token) {
        return asked.tryNext() ? from(all.indexOf(asked) + 1, exchange, token) : null;
    }

    private @Nullable Provider from(int first, Exchange exchange, BearerToken token) {
        for (int i = first; i < all.size(); i++) {
            if (all.get(i).match().fits(exchange, token)) {
                return all.get(i);
            }
        }
        return null;
    }
}
