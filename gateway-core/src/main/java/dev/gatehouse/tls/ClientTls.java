package dev.gatehouse.tls;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.tls.Handshake;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS contexts towards services, one per distinct setting. Safe on any thread.
 *
 * <p>{@link #prepare} reads the files and belongs on a control thread at start and reload; afterwards {@link #context}
 * answers at once. A setting that nobody prepared is read by the executor, never by an event loop.
 */
public final class ClientTls {
    private static final Logger log = LoggerFactory.getLogger(ClientTls.class);
    private static final int MAX_CONTEXTS = 1024;

    private final TlsEngine engine;
    private final Executor files;
    private final Map<TlsSettings, CompletableFuture<SslContext>> contexts = new ConcurrentHashMap<>();

    /** @param files runs the reading of files that were not prepared; not an event loop */
    public ClientTls(TlsEngine engine, Executor files) {
        this.engine = engine;
        this.files = files;
    }

    /**
     * Reads the files of a setting, again if they were read before; connections made from now on use them.
     *
     * @throws TlsProblem when a file is missing, unreadable or not what it should be; the earlier state stays
     */
    public void prepare(TlsSettings settings) {
        if (!settings.verify()) {
            log.warn(
                    "TLS certificates of a service are not verified: anyone on the way can read and change the traffic");
        }
        contexts.put(settings, CompletableFuture.completedFuture(build(settings)));
    }

    /**
     * Reads the files of those settings that were never read.
     *
     * @throws TlsProblem when a file is missing, unreadable or not what it should be; the earlier state stays
     */
    public void prepareNew(Collection<TlsSettings> settings) {
        for (TlsSettings each : settings) {
            if (!contexts.containsKey(each)) {
                prepare(each);
            }
        }
    }

    /**
     * Reads the files of a setting and keeps nothing of it. Control thread.
     *
     * @throws TlsProblem when a file is missing, unreadable or not what it should be
     */
    public static void check(TlsSettings settings) {
        if (!settings.files().isEmpty()) {
            new ClientTls(TlsEngine.JDK, Runnable::run).build(settings);
        }
    }

    /** Forgets every setting that names files and is not in use any more, after a reload. */
    public void retain(Collection<TlsSettings> used) {
        contexts.keySet().removeIf(known -> !known.files().isEmpty() && !used.contains(known));
    }

    /** The context of a setting; completes with a {@link TlsProblem} when its files cannot be used. */
    public CompletionStage<SslContext> context(TlsSettings settings) {
        CompletableFuture<SslContext> known = contexts.get(settings);
        if (known != null) {
            return known;
        }
        if (contexts.size() >= MAX_CONTEXTS) {
            return CompletableFuture.failedFuture(new TlsProblem("more than " + MAX_CONTEXTS + " TLS settings in use"));
        }
        return contexts.computeIfAbsent(settings, this::read);
    }

    /**
     * Whether a connection made with {@code context} is as good as a new one: false once the files of its settings were
     * read again, so that a renewed certificate is not held up by connections that live on.
     */
    public boolean isCurrent(TlsSettings settings, SslContext context) {
        CompletableFuture<SslContext> known = contexts.get(settings);
        return known == null
                || !known.isDone()
                || known.isCompletedExceptionally()
                || known.getNow(context).equals(context);
    }

    /**
     * A handler for one connection, to be put in front of the codec. The name of the target, or
     * {@link TlsSettings#serverName()}, is sent as SNI and must be in the certificate of the peer.
     */
    public static SslHandler handler(SslContext context, Target target, ByteBufAllocator allocator) {
        TlsSettings settings = target.tls() == null ? TlsSettings.DEFAULT : target.tls();
        String name = settings.serverName() == null ? target.host() : settings.serverName();
        return context.newHandler(allocator, name, target.port());
    }

    private CompletableFuture<SslContext> read(TlsSettings settings) {
        CompletableFuture<SslContext> reading = CompletableFuture.supplyAsync(() -> build(settings), files);
        reading.whenComplete((context, problem) -> {
            if (problem != null) {
                contexts.remove(settings, reading);
            }
        });
        return reading;
    }

    private SslContext build(TlsSettings settings) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(engine.provider())
                    .protocols(versions(settings))
                    .ciphers(TlsEngine.SUITES, SupportedCipherSuiteFilter.INSTANCE);
            trust(builder, settings);
            identify(builder, settings);
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsProblem("TLS towards a service cannot be set up: " + e.getMessage(), e);
        }
    }

    private static List<String> versions(TlsSettings settings) {
        return settings.minVersion() == TlsSettings.Version.TLS_1_3 ? List.of(Handshake.TLS_1_3) : TlsEngine.VERSIONS;
    }

    private static void trust(SslContextBuilder builder, TlsSettings settings) {
        if (!settings.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            return;
        }
        builder.endpointIdentificationAlgorithm("HTTPS");
        if (!settings.ca().isEmpty()) {
            List<X509Certificate> authorities = new ArrayList<>();
            for (Path file : settings.ca()) {
                authorities.addAll(PemFiles.certificates(file));
            }
            builder.trustManager(authorities);
        }
    }

    private static void identify(SslContextBuilder builder, TlsSettings settings) {
        Path cert = settings.cert();
        Path key = settings.key();
        if (cert == null && key == null) {
            return;
        }
        if (cert == null || (key == null && !Pkcs12.is(cert))) {
            throw new TlsProblem("a client certificate needs both a certificate file and a key file, or one file in the"
                    + " form PKCS #12");
        }
        Secret passphrase = settings.passphrase() == null
                ? null
                : new Secret(settings.passphrase().reveal());
        KeyMaterial material = key == null ? Pkcs12.read(cert, passphrase) : KeyMaterial.read(cert, key, passphrase);
        builder.keyManager(material.key(), material.chain());
    }
}
