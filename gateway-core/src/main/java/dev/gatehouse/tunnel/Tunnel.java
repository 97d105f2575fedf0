package dev.gatehouse.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Two channels joined: what one sends, the other gets, unread.
 *
 * <p>Idea: a side is read only while the other is writable, so a tunnel holds at most the write buffers of its two
 * channels, however slow one side is. The end of one direction is passed on behind its last byte; the close of one side
 * closes the other behind what it still has to take. A tunnel in which nothing moves for the idle time is closed, which
 * also ends one whose reader stopped reading.
 *
 * <p>Both channels have auto-read off and share the event loop that everything here runs on.
 */
public final class Tunnel {
    private final Channel client;
    private final TunnelEnd clientEnd;
    private final TunnelEnd serviceEnd;
    private final long idleNanos;
    private final LongSupplier ticker;
    private final Consumer<Tunnel> ended;
    private @Nullable Future<?> timer;
    private long lastMove;
    private int closedEnds;

    /**
     * Prepares a tunnel.
     *
     * @param idle longest time in which no byte moves
     * @param ticker monotonic nanoseconds
     * @param ended runs once, when both channels are closed
     */
    public Tunnel(Channel client, Channel service, Duration idle, LongSupplier ticker, Consumer<Tunnel> ended) {
        this.client = client;
        this.idleNanos = idle.toNanos();
        this.ticker = ticker;
        this.ended = ended;
        this.clientEnd = new TunnelEnd(this, service);
        this.serviceEnd = new TunnelEnd(this, client);
        this.lastMove = ticker.getAsLong();
    }

    /** Last handler of the client's channel. */
    public ChannelHandler clientEnd() {
        return clientEnd;
    }

    /** Last handler of the service's channel. */
    public ChannelHandler serviceEnd() {
        return serviceEnd;
    }

    /** Starts to read. Both ends are in place and nothing else is behind the transport and TLS. */
    public void open() {
        schedule(idleNanos);
        client.read();
        clientEnd.other().read();
    }

    /** The client had stopped sending before the tunnel began. */
    public void clientStoppedSending() {
        clientEnd.inputOver();
    }

    /** Bytes from the client. */
    public long bytesIn() {
        return clientEnd.bytes();
    }

    /** Bytes to the client. */
    public long bytesOut() {
        return serviceEnd.bytes();
    }

    void moved() {
        lastMove = ticker.getAsLong();
    }

    /** One channel is closed. */
    void closed() {
        if (++closedEnds == 2) {
            if (timer != null) {
                timer.cancel(false);
            }
            ended.accept(this);
        }
    }

    boolean areBothInputsOver() {
        return clientEnd.isInputOver() && serviceEnd.isInputOver();
    }

    private void schedule(long nanos) {
        timer = client.eventLoop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        long left = lastMove + idleNanos - ticker.getAsLong();
        if (left > 0) {
            schedule(left);
        } else {
            client.close();
            clientEnd.other().close();
        }
    }
}
