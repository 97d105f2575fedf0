package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import io.netty.buffer.ByteBuf;

/** One request to a service and its response, as its sender sees it. Event loop of the client only. */
public interface UpstreamCall {
    /** Who gets the request, or got it; another one may follow while nothing could be sent. */
    Target target();

    /** Whether more of the body should be written now; when not, {@link UpstreamListener#onWritable} tells when. */
    boolean isWritable();

    /** Writes a piece of the body. Takes {@code data}; drops it once the call is over or the service refused early. */
    void write(ByteBuf data);

    /** Ends the body and flushes. */
    void end();

    /** Sends what was written. */
    void flush();

    /** Asks for more of the response body; may be called at any time, also inside a callback. */
    void read();

    /** Ends the call; no callback follows. The connection is dropped unless the response is complete. */
    void cancel();
}
