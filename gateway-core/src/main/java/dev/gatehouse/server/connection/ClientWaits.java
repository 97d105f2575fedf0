package dev.gatehouse.server.connection;

import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.server.connection.ConnectionDeadline.Wait;
import dev.gatehouse.server.request.RequestBody;
import dev.gatehouse.server.response.ClientOutput;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a client connection waits for in each of its states, and how long. Event loop of the connection. */
public final class ClientWaits {
    private final Channel channel;
    private final ClientOutput output;
    private final ConnectionDeadline deadline;
    private long unflushed;

    public ClientWaits(Channel channel, ClientOutput output, ConnectionDeadline deadline) {
        this.channel = channel;
        this.output = output;
        this.deadline = deadline;
    }

    /**
     * Arms the deadline of the present state.
     *
     * @param body that of the request under way; null = no request
     * @param nothingPending whether everything received is handed on
     * @param headUnderWay whether a request has begun and its head is not complete
     * @param first whether nothing was ever asked on this connection
     */
    public void arm(
            @Nullable RequestBody body,
            boolean nothingPending,
            boolean headUnderWay,
            boolean first,
            LimitsConfig limits) {
        if (!channel.isWritable()) {
            if (deadline.waitsFor() != Wait.WRITE) {
                unflushed = output.pendingBytes();
                deadline.renew(Wait.WRITE, limits.responseWriteIdleTimeoutMs());
            }
        } else if (body != null) {
            if (!body.isComplete() && body.wants() && nothingPending) {
                deadline.await(Wait.BODY, limits.requestBodyIdleTimeoutMs());
            } else {
                deadline.clear();
            }
        } else if (headUnderWay) {
            deadline.await(Wait.HEAD, limits.requestHeaderTimeoutMs());
        } else {
            // A connection that never asked for anything gets no more time than a head.
            deadline.await(Wait.NEXT_REQUEST, first ? limits.requestHeaderTimeoutMs() : limits.keepAliveTimeoutMs());
        }
    }

    /** Behind the last response only the client's close is waited for. */
    void linger(Duration time) {
        deadline.renew(Wait.LINGER, time);
    }

    /** A client that reads slowly is fine and gets more time; one that read nothing for the whole time is not. */
    public boolean wroteSomething(LimitsConfig limits) {
        long now = output.pendingBytes();
        boolean moved = now < unflushed;
        if (moved) {
            unflushed = now;
            deadline.renew(Wait.WRITE, limits.responseWriteIdleTimeoutMs());
        }
        return moved;
    }

    /** Waits for nothing for now. */
    public void clear() {
        deadline.clear();
    }

    /** Waits for nothing any more. */
    public void close() {
        deadline.close();
    }
}
