package dev.gatehouse.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The world around a command.
 *
 * @param out standard output: results
 * @param err standard error: diagnostics
 * @param environment variables of the process
 * @param directory where relative files are looked for
 * @param outTerminal whether a person reads standard output
 * @param errTerminal whether a person reads standard error
 * @param in standard input
 */
record Context(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path directory,
        boolean outTerminal,
        boolean errTerminal,
        InputStream in) {
    Context {
        environment = Map.copyOf(environment);
    }

    /** A world in which nothing is typed. */
    Context(
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            Path directory,
            boolean outTerminal,
            boolean errTerminal) {
        this(out, err, environment, directory, outTerminal, errTerminal, InputStream.nullInputStream());
    }

    static Context ofProcess() {
        return new Context(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                System.getenv(),
                Path.of(""),
                Terminal.isTerminal(1),
                Terminal.isTerminal(2),
                System.in);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
