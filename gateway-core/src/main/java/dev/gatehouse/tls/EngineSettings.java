package dev.gatehouse.tls;

import dev.gatehouse.config.tls.Handshake;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be said to the engine of each connection, because a context cannot hold it. Immutable. */
final class EngineSettings {
    private static final Logger log = LoggerFactory.getLogger(EngineSettings.class);
    // Since Java 20; the product runs on 17 as well.
    private static final @Nullable Method NAMED_GROUPS = namedGroups();

    private final boolean serverOrder;
    private final List<String> curves;

    private EngineSettings(boolean serverOrder, List<String> curves) {
        this.serverOrder = serverOrder;
        this.curves = curves;
    }

    /** Gives the context what it can hold and keeps the rest. Control thread. */
    static EngineSettings of(Handshake handshake, TlsEngine engine, SslContextBuilder builder) {
        List<String> curves = handshake.curves();
        if (curves.isEmpty()) {
            return new EngineSettings(handshake.serverOrder(), curves);
        }
        if (engine == TlsEngine.BORINGSSL) {
            builder.option(OpenSslContextOption.GROUPS, curves.toArray(String[]::new));
            return new EngineSettings(handshake.serverOrder(), List.of());
        }
        if (NAMED_GROUPS == null) {
            log.warn(
                    "https.options.ecdhCurve has no effect: the TLS engine of this Java cannot be told (expected: Java 20"
                            + " or newer, or BoringSSL)");
            return new EngineSettings(handshake.serverOrder(), List.of());
        }
        return new EngineSettings(handshake.serverOrder(), curves);
    }

    /** Event loop, before the handshake. */
    void apply(SSLEngine engine) {
        if (serverOrder && curves.isEmpty()) {
            // Both engines begin with this.
            return;
        }
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setUseCipherSuitesOrder(serverOrder);
        if (!curves.isEmpty()) {
            limit(parameters, curves);
        }
        engine.setSSLParameters(parameters);
    }

    private static void limit(SSLParameters parameters, List<String> curves) {
        try {
            if (NAMED_GROUPS != null) {
                NAMED_GROUPS.invoke(parameters, (Object) curves.toArray(String[]::new));
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the TLS engine of this Java refuses the curves " + curves, e);
        }
    }

    private static @Nullable Method namedGroups() {
        try {
            return SSLParameters.class.getMethod("setNamedGroups", String[].class);
        } catch (NoSuchMethodException olderJava) {
            return null;
        }
    }
}
