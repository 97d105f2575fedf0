package dev.gatehouse.cli;

import dev.gatehouse.cli.run.Prepared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file and its variables, found as the options say.
 *
 * @param file null = there is none, and the reason was printed
 * @param environment the process's variables over those of the files
 */
record Input(@Nullable Path file, Map<String, String> environment, ConfigOptions options) {
    /** Looks for the file; prints to standard error why there is none. */
    static Input find(Context context, ConfigOptions options) {
        ConfigFile.Found found = ConfigFile.find(options.config, context.environment(), context.directory());
        if (found.file() == null) {
            explain(context, options.config != null, found);
            return new Input(null, Map.of(), options);
        }
        try {
            Map<String, String> variables =
                    EnvFile.overlay(options.envFiles, context.environment(), context.directory());
            return new Input(found.file(), variables, options);
        } catch (IOException e) {
            context.err().println("gateway: the environment file " + e.getMessage() + " cannot be read");
        } catch (EnvFile.Malformed e) {
            context.err().println("gateway: " + e.getMessage());
        }
        return new Input(null, Map.of(), options);
    }

    Prepared.Source source(RunOptions run) {
        return source(run.port);
    }

    Prepared.Source source(@Nullable Integer port) {
        if (file == null) {
            throw new IllegalStateException("there is no file");
        }
        return new Prepared.Source(
                file, environment, options.strict, options.compat == ConfigOptions.Compat.LENIENT, port);
    }

    private static void explain(Context context, boolean named, ConfigFile.Found found) {
        if (named) {
            context.err()
                    .println("gateway: the configuration file '" + found.tried().get(0) + "' does not exist");
            return;
        }
        context.err().println("gateway: no configuration file");
        found.tried().forEach(place -> context.err().println("  looked for " + place));
        context.err().println("hint: name one with '--config FILE'.");
        context.err()
                .println("hint: 'gateway demo' shows a working gateway, 'gateway demo --write DIR' writes its file.");
    }
}
