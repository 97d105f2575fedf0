package dev.gatehouse.cli.trytoken;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Reads the token from where it was left; never from an argument. */
public final class TokenInput {
    private static final int MAX_BYTES = 1 << 20;
    private static final String SCHEME = "Bearer ";

    private final InputStream in;
    private final Map<String, String> environment;
    private final Path directory;

    public TokenInput(InputStream in, Map<String, String> environment, Path directory) {
        this.in = in;
        this.environment = environment;
        this.directory = directory;
    }

    /** There is no token; the message says where none was found. */
    public static final class NoToken extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        NoToken(String message) {
            super(message);
        }
    }

    /**
     * The token in a file.
     *
     * @throws NoToken when the file cannot be read or is empty
     */
    public String fromFile(String name) throws NoToken {
        try (InputStream file = Files.newInputStream(directory.resolve(name))) {
            return read(file, "the file '" + name + "'");
        } catch (IOException | InvalidPathException e) {
            throw new NoToken("the file '" + name + "' with the token cannot be read");
        }
    }

    /**
     * The token that comes from standard input.
     *
     * @throws NoToken when nothing comes
     */
    public String fromStdin() throws NoToken {
        try {
            return read(in, "standard input");
        } catch (IOException e) {
            throw new NoToken("standard input cannot be read");
        }
    }

    /**
     * The token in a variable of the environment.
     *
     * @throws NoToken when it is not set
     */
    public String fromVariable(String name) throws NoToken {
        return token(environment.getOrDefault(name, ""), "the variable '" + name + "'");
    }

    private static String read(InputStream stream, String place) throws IOException, NoToken {
        byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new NoToken(place + " holds more than a token");
        }
        return token(new String(bytes, StandardCharsets.UTF_8), place);
    }

    /** People copy the whole value of the header, and editors end the line. */
    private static String token(String text, String place) throws NoToken {
        String token = text.strip();
        if (token.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            token = token.substring(SCHEME.length()).strip();
        }
        if (token.isEmpty()) {
            throw new NoToken("no token in " + place);
        }
        return token;
    }
}
