package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policies.introspect.provider.ProviderMatch;
import dev.gatehouse.policies.introspect.provider.ProviderOptions;
import dev.gatehouse.policies.introspect.start.StartCheck;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the providers of a policy from its entries {@code providers}. An entry is a full block of options, but for
 * those that say what is demanded of a request and what clients and services see: these are the policy's own and hold
 * for every provider. Nothing is inherited the other way, so an option at the wrong level is refused. Start-up thread.
 */
final class ProviderBlocks {
    /** Options of the policy as a whole; all others belong to a server. */
    private static final Set<String> SHARED = Set.of(
            "passThrough",
            "passThroughOn",
            "realm",
            "forwardToken",
            "skipPreflight",
            "tokenSources",
            "formMaxBytes",
            "maxTokenLength",
            "tokenFormat",
            "scopes",
            "senderConstraint",
            "stepUp",
            "errors",
            "identity",
            "longLived");

    private static final Set<String> KNOWN = RecordBinder.keys(IntrospectOptions.class);
    private static final String PROVIDERS = "providers";
    private static final Set<String> OWN = Set.of("name", "match", "tryNext");

    private final IntrospectOptions config;
    private final PolicyContext context;
    private final PolicyMeters meters;
    private final List<Node.Entry> shared = new ArrayList<>();

    /** One entry, bound. */
    private record Block(ProviderOptions options, IntrospectOptions config, ProviderContext context, Span span) {}

    ProviderBlocks(IntrospectOptions config, PolicyContext context, PolicyMeters meters) {
        this.config = config;
        this.context = context;
        this.meters = meters;
    }

    /** @throws ConfigProblem after it was reported, when a provider cannot be made */
    Providers open() {
        Node.@Nullable Mapping action = context.step().action();
        List<Node.Entry> written = action == null ? List.of() : action.entries();
        for (Node.Entry entry : written) {
            if (SHARED.contains(entry.key())) {
                shared.add(entry);
            } else if (KNOWN.contains(entry.key()) && !entry.key().equals(PROVIDERS)) {
                refuseBesideProviders(entry);
            }
        }
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < config.providers().size(); i++) {
            blocks.add(block(config.providers().get(i), i));
        }
        refuseUnreachable(blocks);
        List<Provider> providers = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            ProviderMatch match = new ProviderMatch(block.options().match());
            boolean tryNext = block.options().tryNext();
            if (tryNext) {
                warnAboutTryNext(block, i == blocks.size() - 1);
            }
            Provider.Place place = new Provider.Place(name(block.options(), i), match, tryNext);
            providers.add(Provider.open(block.config(), block.context(), meters, place));
        }
        return Providers.of(providers);
    }

    private Block block(Node.Mapping node, int index) {
        String path = ProviderContext.path(context, PROVIDERS + '[' + index + ']');
        ProviderOptions options = context.bind(node, path, ProviderOptions.class);
        List<Node.Entry> entries = new ArrayList<>(shared);
        for (Node.Entry entry : node.entries()) {
            if (SHARED.contains(entry.key()) || entry.key().equals(PROVIDERS)) {
                refuseInProvider(entry, path);
            } else if (!OWN.contains(entry.key())) {
                entries.add(entry);
            }
        }
        Node.Mapping whole = new Node.Mapping(node.span(), entries);
        ProviderContext place = new ProviderContext(context, whole, path);
        IntrospectOptions bound = context.bind(whole, path, IntrospectOptions.class);
        new StartCheck(bound, place).run();
        return new Block(options, bound, place, node.span());
    }

    /** The first match wins, so what stands behind something wider is never asked. */
    private void refuseUnreachable(List<Block> blocks) {
        Set<ProviderOptions.Match> matches = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            String name = name(block.options(), i);
            if (!names.add(name)) {
                refuse(block, "name", "two providers have the name '" + name + "'", "give each its own name.");
            }
            boolean again = !matches.add(block.options().match());
            boolean asked = i > 0 && blocks.get(i - 1).options().tryNext();
            if (again && !asked) {
                refuse(
                        block,
                        "match",
                        "provider '" + name + "' is never asked, because an earlier one has the same match",
                        "change its match, or set 'tryNext: true' on the earlier one.");
            }
            boolean last = i == blocks.size() - 1;
            if (block.options().match().isOpen() && !last && !block.options().tryNext()) {
                refuse(
                        block,
                        "match",
                        "provider '" + name + "' fits every request, so the providers behind it are never asked",
                        "give it a 'match', or move it to the end.");
            }
        }
    }

    private static String name(ProviderOptions options, int index) {
        return options.name() == null ? Integer.toString(index + 1) : options.name();
    }

    private void warnAboutTryNext(Block block, boolean last) {
        context.problems()
                .warn(
                        "W0429",
                        block.span(),
                        ProviderContext.path(block.context(), "tryNext"),
                        "pipeline '" + context.pipeline() + "': "
                                + (last
                                        ? "'tryNext' of the last provider has no effect"
                                        : "'tryNext' shows tokens that this provider does not know to another one"),
                        "give each provider a 'match' that tells its tokens.");
    }

    private void refuseBesideProviders(Node.Entry entry) {
        refuse(
                "E0427",
                entry.keySpan(),
                ProviderContext.path(context, entry.key()),
                "'" + entry.key() + "' has no effect beside 'providers', because it belongs to a server",
                "write it in each provider that needs it.");
    }

    private void refuseInProvider(Node.Entry entry, String path) {
        refuse(
                "E0427",
                entry.keySpan(),
                path + '.' + entry.key(),
                "'" + entry.key() + "' cannot differ between providers",
                "move it out of 'providers', beside them.");
    }

    private void refuse(Block block, String key, String message, String hint) {
        refuse("E0426", block.span(), ProviderContext.path(block.context(), key), message, hint);
    }

    private void refuse(String code, Span span, String path, String message, String hint) {
        String told = "pipeline '" + context.pipeline() + "': " + message;
        Problem problem = new Problem(code, Severity.ERROR, span, path, told, List.of(hint));
        context.problems().add(problem);
        throw new ConfigProblem(problem);
    }
}
