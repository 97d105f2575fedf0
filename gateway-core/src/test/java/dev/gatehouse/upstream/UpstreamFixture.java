package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.TlsEngine;
import dev.gatehouse.transport.Transport;
import dev.gatehouse.upstream.reach.DnsAddresses;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Event loops with an upstream client on each, and calls that record what happens to them. */
final class UpstreamFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final EventLoopGroup group;
    final List<UpstreamClient> clients = new ArrayList<>();
    final ExecutorService files = Executors.newSingleThreadExecutor();
    final ClientTls tls;
    private final AddressResolverGroup<InetSocketAddress> resolver;

    UpstreamFixture(UpstreamLimits limits, int loops) {
        this(limits, loops, TlsEngine.detect(), Transport.detect());
    }

    UpstreamFixture(UpstreamLimits limits, int loops, TlsEngine engine, Transport transport) {
        group = transport.group(loops);
        resolver = DnsAddresses.group(transport);
        UpstreamLedger ledger = new UpstreamLedger(meters, System::nanoTime);
        tls = new ClientTls(engine, files);
        for (int i = 0; i < loops; i++) {
            clients.add(new UpstreamClient(group.next(), transport, limits, tls, ledger, resolver));
        }
    }

    static UpstreamFixture create() {
        return new UpstreamFixture(limits(), 1);
    }

    /** Short enough for tests, long enough for a busy machine. */
    static UpstreamLimits limits() {
        return new UpstreamLimits(
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                64 * 1024,
                200,
                512,
                512);
    }

    static Target at(ScriptedPeer peer) {
        return new Target("127.0.0.1", peer.port(), null);
    }

    static Target at(ScriptedPeer peer, TlsSettings tls) {
        return new Target("127.0.0.1", peer.port(), tls);
    }

    static ForwardPlan plan(Target... targets) {
        return plan(null, targets);
    }

    static ForwardPlan plan(@Nullable Duration responseTimeout, Target... targets) {
        return new ForwardPlan("backend", List.of(targets), "/path?q=1", responseTimeout, false);
    }

    static HttpRequest head(HttpMethod method) {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/ignored");
        head.headers().set("Host", "service.test");
        return head;
    }

    RecordedCall get(ForwardPlan plan) {
        return call(0, head(HttpMethod.GET), BodyFraming.none(), plan);
    }

    RecordedCall send(HttpMethod method, String body, ForwardPlan plan) {
        return new RecordedCall(clients.get(0), head(method), BodyFraming.length(body.length()), plan, body);
    }

    RecordedCall call(int client, HttpRequest head, BodyFraming framing, ForwardPlan plan) {
        return new RecordedCall(clients.get(client), head, framing, plan, null);
    }

    double count(String meter, String... tags) {
        return meters.find(meter).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double connections(String state) {
        return meters.find("gateway.upstream.connections").tags("state", state).gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    /** Targets that are put aside. */
    double aside() {
        return meters.get("gateway.upstream.targets.aside").gauge().value();
    }

    @Override
    public void close() {
        for (UpstreamClient client : clients) {
            client.loop().submit(client::close).syncUninterruptibly();
        }
        resolver.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        files.shutdown();
    }
}
