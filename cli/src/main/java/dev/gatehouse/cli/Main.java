package dev.gatehouse.cli;

import dev.gatehouse.cli.run.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: parsing, help, wrong arguments, exit codes. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(Context.ofProcess(), args));
    }

    static int run(Context context, String... args) {
        CommandLine line = new CommandLine(new GatewayCommand(context))
                .addSubcommand(new RunCommand(context))
                .addSubcommand(new ValidateCommand(context))
                .addSubcommand(new TryTokenCommand(context))
                .addSubcommand(new MigrateCommand(context))
                .addSubcommand(new DemoCommand(context));
        line.setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(context, args)))
                .setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler((e, all) -> refuse(context, e))
                .setExecutionExceptionHandler((e, command, parsed) -> reportBug(context, e, args));
        return line.execute(args);
    }

    private static int execute(ParseResult parsed) {
        ParseResult command = parsed.subcommand();
        if (command != null
                && !command.isUsageHelpRequested()
                && !parsed.matchedOptions().isEmpty()) {
            String option = parsed.matchedOptions().get(0).longestName();
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    "option '" + option + "' stands before the command '"
                            + command.commandSpec().name() + "'; write it behind");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static Ansi ansi(Context context, String... args) {
        Terminal.Colour wish = Terminal.Colour.AUTO;
        List<String> all = List.of(args);
        for (Terminal.Colour colour : Terminal.Colour.values()) {
            String name = colour.name().toLowerCase(java.util.Locale.ROOT);
            int at = all.indexOf("--color");
            if (all.contains("--color=" + name)
                    || (at >= 0 && at + 1 < all.size() && all.get(at + 1).equals(name))) {
                wish = colour;
            }
        }
        return Terminal.coloured(wish, context.outTerminal(), context.environment()) ? Ansi.ON : Ansi.OFF;
    }

    private static int refuse(Context context, ParameterException e) {
        context.err().println("gateway: " + sentence(e));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                context.err().println("hint: did you mean '" + near.get(0) + "'?");
            }
        }
        context.err()
                .println("hint: '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help' shows what is"
                        + " possible.");
        return ExitCode.USAGE;
    }

    private static String sentence(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            // What stands behind the equals sign may be a secret.
            return word.startsWith("-")
                    ? "unknown option '" + word.split("=", 2)[0] + "'"
                    : "unknown command '" + word + "'";
        }
        String message = e.getMessage() == null ? "wrong arguments" : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }

    private static int reportBug(Context context, Exception e, String... args) {
        context.err().println("gateway: internal error: " + e);
        context.err().println("hint: this is a bug in the gateway; please report it together with the log.");
        if (List.of(args).contains("-v") || List.of(args).contains("--verbose")) {
            e.printStackTrace(context.err());
        } else {
            context.err().println("hint: '-v' shows where it happened.");
        }
        return ExitCode.INTERNAL;
    }
}
