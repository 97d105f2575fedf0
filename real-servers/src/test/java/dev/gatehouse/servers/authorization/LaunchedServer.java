package dev.gatehouse.servers.authorization;

import dev.gatehouse.servers.Marks;
import java.net.URI;

/** What every server has that is started by the tests, as a program or in a container. */
abstract class LaunchedServer implements AuthorizationServer {
    private final URI issuer;
    private final Marks marks;
    private final Availability availability;

    /**
     * Starts the server and waits until it publishes its metadata.
     *
     * @param launch taken: closed with this object
     */
    LaunchedServer(URI issuer, Marks marks, Launch launch) {
        this.issuer = issuer;
        this.marks = marks;
        availability = new Availability(launch, URI.create(issuer + "/.well-known/openid-configuration"));
    }

    @Override
    public final URI issuer() {
        return issuer;
    }

    @Override
    public final Marks marks() {
        return marks;
    }

    @Override
    public final void kill() {
        availability.kill();
    }

    @Override
    public final void restart() {
        availability.kill();
        availability.start();
    }

    @Override
    public final void close() {
        availability.close();
    }
}
