package dev.gatehouse.upstream.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.Target;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameResolutionTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final Names names = new Names();
    private final NameResolution resolution = new NameResolution(names);

    @AfterEach
    void stop() {
        names.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** A resolver that knows what a test tells it. */
    private static final class Names extends AddressResolverGroup<InetSocketAddress> {
        private final Map<String, InetAddress> known = new HashMap<>();
        private final List<String> asked = new ArrayList<>();

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) {
                    answer(name, promise);
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                    Promise<InetAddress> one = executor().newPromise();
                    answer(name, one);
                    if (one.isSuccess()) {
                        promise.setSuccess(List.of(one.getNow()));
                    } else {
                        promise.setFailure(one.cause());
                    }
                }
            }.asAddressResolver();
        }

        private void answer(String name, Promise<InetAddress> promise) {
            asked.add(name);
            InetAddress address = known.get(name);
            if (address == null) {
                promise.setFailure(new UnknownHostException(name));
            } else {
                promise.setSuccess(address);
            }
        }
    }

    private Future<List<InetSocketAddress>> resolve(String host) {
        return loop.submit(() -> resolution.resolve(new Target(host, 80, null), loop))
                .syncUninterruptibly()
                .getNow()
                .awaitUninterruptibly();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "10.1.2.3"})
    void needsNoLookupForAddresses(String host) {
        assertThat(resolve(host).getNow())
                .singleElement()
                .satisfies(found -> assertThat(found.getPort()).isEqualTo(80));
        assertThat(names.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid", "service.invalid", "SERVICE.INVALID", "service.invalid."})
    void refusesReservedNamesWithoutALookup(String host) {
        assertThat(resolve(host).cause()).isInstanceOf(UnknownHostException.class);
        assertThat(names.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "a.localhost"})
    void knowsLocalhostEvenWhenNobodyElseDoes(String host) {
        assertThat(resolve(host).getNow())
                .allSatisfy(found ->
                        assertThat(found.getAddress().isLoopbackAddress()).isTrue());
    }

    @Test
    void refusesUnknownNames() {
        assertThat(resolve("unknown.test").isSuccess()).isFalse();
    }

    @Test
    void keepsTheLastGoodAddressesWhenALookupFails() {
        names.known.put("service.test", address(1));
        resolve("service.test");
        names.known.clear();

        assertThat(resolve("service.test").getNow()).containsExactly(new InetSocketAddress(address(1), 80));
    }

    @Test
    void followsAChange() {
        names.known.put("service.test", address(1));
        resolve("service.test");
        names.known.put("service.test", address(2));

        assertThat(resolve("service.test").getNow()).containsExactly(new InetSocketAddress(address(2), 80));
    }
}
