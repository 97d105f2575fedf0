package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads HTTP/1.1 messages from a socket as they come, without correcting anything. Blocking; one thread.
 *
 * <p>Body bytes collect in {@link #body()}, so that what had arrived before a failure is still there.
 */
final class WireReader {
    private static final int LONGEST_LINE = 1 << 20;

    private final InputStream in;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    WireReader(InputStream in) {
        this.in = new BufferedInputStream(in, 65536);
    }

    /** A line without its end; both CRLF and LF end one. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() > LONGEST_LINE) {
                throw new EOFException(next < 0 ? "closed" : "line too long");
            }
            line.write(next);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    List<HttpField> fields() throws IOException {
        List<HttpField> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.add(
                    colon < 0
                            ? new HttpField(line, "")
                            : new HttpField(
                                    line.substring(0, colon),
                                    line.substring(colon + 1).strip()));
        }
        return fields;
    }

    /** Starts a new body. */
    void startBody() {
        body.reset();
    }

    byte[] body() {
        return body.toByteArray();
    }

    void exactly(long length) throws IOException {
        byte[] part = new byte[65536];
        for (long left = length; left > 0; ) {
            int read = in.read(part, 0, (int) Math.min(left, part.length));
            if (read < 0) {
                throw new EOFException("closed");
            }
            body.write(part, 0, read);
            left -= read;
        }
    }

    void chunked() throws IOException {
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            exactly(size);
            in.skipNBytes(2);
        }
        fields();
    }

    void toEnd() throws IOException {
        in.transferTo(body);
    }

    private long chunkSize() throws IOException {
        String size = line().split(";", 2)[0].strip();
        try {
            return size.isEmpty() ? 0 : Long.parseLong(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("chunk size " + size, e);
        }
    }
}
