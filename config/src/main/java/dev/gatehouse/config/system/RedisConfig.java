package dev.gatehouse.config.system;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Secret;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code db.redis}: where Express Gateway keeps consumers, credentials, tokens and counters. */
public record RedisConfig(
        @Doc("Name or address of the server.") @Default("localhost")
        String host,

        @Doc("Its port.") @Default("6379") int port,
        @Doc("User to log in as.") @Nullable String username,
        @Doc("Password of the server.") @Nullable Secret password,
        @Doc("Number of the database.") @Default("0") int db,

        @Doc("Files for TLS towards the server; absent = unencrypted.") @Nullable
        Tls tls,

        @Doc("Sentinels that know the server.") @Default("[]")
        List<Sentinel> sentinels,

        @Doc("What the sentinels call the server.") @Nullable
        String name,

        @Doc("Whether everything is kept in memory, without a server.") @Default("false")
        boolean emulate,

        @Doc("What keys of entities begin with.") @Default("EG")
        String namespace) {
    public RedisConfig {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        if (db < 0) {
            throw new IllegalArgumentException("db: " + db + " (expected: zero or more)");
        }
        sentinels = List.copyOf(sentinels);
    }

    /** Files in PEM form. */
    public record Tls(
            @Doc("Private key of the client.") @Nullable Path keyFile,
            @Doc("Certificate of the client.") @Nullable Path certFile,

            @Doc("Authorities that the server's certificate may come from.") @Nullable
            Path caFile) {}

    /** A sentinel. */
    public record Sentinel(
            @Doc("Name or address.") String host,
            @Doc("Port.") @Default("26379") int port) {}
}
