package dev.gatehouse.runtime;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.HttpConfig;
import dev.gatehouse.config.HttpsConfig;
import dev.gatehouse.runtime.build.Snapshot;
import dev.gatehouse.server.Listener;
import dev.gatehouse.server.connection.ConnectionBound;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsEngine;
import dev.gatehouse.tls.TlsProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The open listeners. A change binds what is new first and closes what is gone last, so that a change that fails leaves
 * everything as it was. Control thread, but for {@link #isEmpty}.
 */
final class Listeners {
    private final Loops loops;
    private final TlsEngine engine;
    private final ConnectionBound connections;
    // Replaced as a whole by the control thread, looked at by readiness checks.
    private volatile Map<String, Open> open = Map.of();
    // Listeners that accept nothing more and whose connections end one after the other.
    private final List<Listener> leaving = new CopyOnWriteArrayList<>();

    /**
     * A listener that accepts.
     *
     * @param https what it shows; null = cleartext
     */
    private record Open(
            BindAddress address,
            Listener listener,
            @Nullable Encrypted https) {}

    private record Encrypted(ServerTls tls, HttpsConfig config) {}

    Listeners(Loops loops, TlsEngine engine, ConnectionBound connections) {
        this.loops = loops;
        this.engine = engine;
        this.connections = connections;
    }

    /** Whether nothing accepts. Any thread. */
    boolean isEmpty() {
        return open.isEmpty();
    }

    /** What accepts, http first. */
    List<Bound> bound() {
        return open.values().stream()
                .map(one -> new Bound(one.address().protocol(), one.listener().address()))
                .toList();
    }

    /**
     * Binds what a configuration asks for beyond what is open and reads its key material. Nothing is visible but new
     * ports until {@link Change#commit}.
     *
     * @throws StartFailure when an address cannot be bound or a key not be read; nothing of the change stays
     */
    Change prepare(GatewayConfig config) throws StartFailure {
        Change change = new Change();
        try {
            change.prepare(config);
            return change;
        } catch (StartFailure e) {
            change.undo();
            throw e;
        }
    }

    /** Key and certificate files of the https listener. */
    List<Path> files() {
        return open.values().stream()
                .map(Open::https)
                .filter(Objects::nonNull)
                .flatMap(https -> Snapshot.files(https.config()).stream())
                .toList();
    }

    /**
     * Reads the key material of the https listener again.
     *
     * @throws TlsProblem when a file cannot be used; the earlier material stays
     */
    void reloadTls() {
        for (Open one : open.values()) {
            if (one.https() != null) {
                one.https().tls().reload(one.https().config());
            }
        }
    }

    void stopAccepting() {
        open.values().forEach(one -> one.listener().stopAccepting().awaitUninterruptibly());
    }

    /** Closes idle connections; the others close after their current response. */
    void drain() {
        open.values().forEach(one -> one.listener().drain());
    }

    /** Closes everything at once. */
    void close() {
        stopAccepting();
        open.values().forEach(one -> one.listener().closeConnections());
        leaving.forEach(Listener::closeConnections);
        open = Map.of();
    }

    /** What a configuration changes about the listeners: prepared, then made real or undone. */
    final class Change {
        private final Map<String, Open> after = new LinkedHashMap<>();
        private final List<Open> unbound = new ArrayList<>();
        private final List<Open> fresh = new ArrayList<>();
        private final List<ServerTls.Fresh> material = new ArrayList<>();
        private final List<String> putOff = new ArrayList<>();

        private void prepare(GatewayConfig config) throws StartFailure {
            HttpConfig http = config.http();
            HttpsConfig https = config.https();
            List<BindAddress> wanted = new ArrayList<>();
            if (http != null) {
                wanted.add(new BindAddress("http", http.hostname(), http.port()));
            }
            if (https != null) {
                wanted.add(new BindAddress("https", https.hostname(), https.port()));
            }
            if (wanted.stream().anyMatch(this::isHeldByUs)) {
                wanted.forEach(this::putOff);
                open.keySet().stream()
                        .filter(protocol -> wanted.stream()
                                .noneMatch(address -> address.protocol().equals(protocol)))
                        .forEach(putOff::add);
                after.putAll(open);
            }
            for (BindAddress address : wanted) {
                add(address, address.protocol().equals("https") ? https : null);
            }
            // All keys are read by now, and http comes last: whoever waits for its port finds the others open.
            for (int i = unbound.size() - 1; i >= 0; i--) {
                bind(unbound.get(i));
            }
        }

        /** Two sockets cannot share a port, so the old one would have to close before it is known that the new one opens. */
        private boolean isHeldByUs(BindAddress address) {
            Open same = open.get(address.protocol());
            if (same != null && same.address().equals(address)) {
                return false;
            }
            return open.values().stream()
                    .anyMatch(one -> address.overlaps(
                            one.address(), one.listener().address().getPort()));
        }

        private void putOff(BindAddress address) {
            Open now = open.get(address.protocol());
            if (now == null) {
                putOff.add(address.protocol());
                return;
            }
            if (now.address().port() != address.port()) {
                putOff.add(address.protocol() + ".port");
            }
            if (!Objects.equals(now.address().host(), address.host())) {
                putOff.add(address.protocol() + ".hostname");
            }
        }

        private void add(BindAddress address, @Nullable HttpsConfig https) throws StartFailure {
            Open now = open.get(address.protocol());
            if (now != null && now.address().equals(address)) {
                after.put(address.protocol(), kept(now, https));
            } else if (putOff.isEmpty()) {
                Encrypted encrypted = https == null ? null : new Encrypted(load(https), https);
                Listener listener = loops.listener(encrypted == null ? null : encrypted.tls(), connections);
                Open opened = new Open(address, listener, encrypted);
                unbound.add(opened);
                after.put(address.protocol(), opened);
            }
        }

        private Open kept(Open now, @Nullable HttpsConfig https) throws StartFailure {
            // Changed files of the same section are noticed without a reload, and half of a pair must not hold one up.
            if (https == null || now.https() == null || now.https().config().equals(https)) {
                return now;
            }
            ServerTls tls = now.https().tls();
            try {
                material.add(tls.read(https));
            } catch (TlsProblem e) {
                throw new StartFailure(String.valueOf(e.getMessage()), e);
            }
            return new Open(now.address(), now.listener(), new Encrypted(tls, https));
        }

        private ServerTls load(HttpsConfig https) throws StartFailure {
            try {
                return ServerTls.load(https, engine);
            } catch (TlsProblem e) {
                throw new StartFailure(String.valueOf(e.getMessage()), e);
            }
        }

        private void bind(Open one) throws StartFailure {
            var binding = one.listener().bind(one.address().resolve()).awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw new StartFailure(one.address().reason(binding.cause()), binding.cause());
            }
            fresh.add(0, one);
        }

        /** Keys that stay as they are until a restart, because the gateway itself holds a port that they ask for. */
        List<String> putOff() {
            return putOff;
        }

        /** Makes it real; gives the listeners that are new. */
        List<Bound> commit() {
            List<Open> gone = open.values().stream()
                    .filter(one -> after.values().stream().noneMatch(kept -> kept.listener() == one.listener()))
                    .toList();
            open = Collections.unmodifiableMap(after);
            material.forEach(ServerTls.Fresh::show);
            leaving.removeIf(listener -> !listener.hasConnections());
            for (Open one : gone) {
                one.listener().stopAccepting().awaitUninterruptibly();
                one.listener().drain();
                leaving.add(one.listener());
            }
            return fresh.stream()
                    .map(one ->
                            new Bound(one.address().protocol(), one.listener().address()))
                    .toList();
        }

        /** Closes what was bound. */
        void undo() {
            for (Open one : fresh) {
                one.listener().stopAccepting().awaitUninterruptibly();
                one.listener().closeConnections();
            }
        }
    }
}
