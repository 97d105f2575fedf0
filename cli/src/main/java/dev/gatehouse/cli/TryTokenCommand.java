package dev.gatehouse.cli;

import dev.gatehouse.cli.run.ExitCode;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.cli.trytoken.TokenInput;
import dev.gatehouse.cli.trytoken.TryToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gateway try-token}. */
@Command(
        name = "try-token",
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Take a token through introspection and the rules of a pipeline.",
        description = {
            "Asks the authorization server of the pipeline about the token, with the credentials and limits of the"
                    + " configuration, and tells for each route what a request with it would get. Opens no port and"
                    + " never prints the token. Exit 0 when a route allows it, 5 when none does."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {"Example:", "  gateway try-token --pipeline orders --token-file token.txt"})
final class TryTokenCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "Pipeline whose rules are applied. Default: the only one with 'oauth2-introspect'.")
    @Nullable
    String pipeline;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    @Nullable
    Where where;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json. Default: text.")
    ValidateCommand.Output output = ValidateCommand.Output.TEXT;

    @Mixin
    CommonOptions common = new CommonOptions();

    /** Taken so that a token is refused without being repeated in a message about an unknown word. */
    @Option(names = "--token", hidden = true, arity = "0..*")
    @Nullable
    List<String> written;

    @Parameters(hidden = true)
    List<String> words = new ArrayList<>();

    TryTokenCommand(Context context) {
        this.context = context;
    }

    /** Where the token is; exactly one of them. */
    static final class Where {
        @Option(names = "--token-file", paramLabel = "FILE", description = "File with the token; - = standard input.")
        @Nullable
        String file;

        @Option(names = "--token-stdin", description = "Read the token from standard input.")
        boolean stdin;

        @Option(
                names = "--token-env",
                paramLabel = "NAME",
                description = "Variable of the environment that holds the token.")
        @Nullable
        String variable;
    }

    @Override
    public Integer call() {
        if (written != null || !words.isEmpty()) {
            throw wrong("a token is not taken from the command line, where other users and the history of the shell"
                    + " see it; use '--token-file' or '--token-stdin'");
        }
        if (where == null) {
            throw wrong("no token: name one with '--token-file', '--token-stdin' or '--token-env'");
        }
        String token = token(where);
        Input input = Input.find(context, config);
        if (input.file() == null) {
            return ExitCode.CONFIG;
        }
        Prepared prepared = Prepared.of(input.source((Integer) null));
        try {
            return prepared.problems().hasErrors() ? refuse(prepared) : run(prepared, token);
        } finally {
            prepared.close();
        }
    }

    private int run(Prepared prepared, String token) {
        boolean colour = Terminal.coloured(common.colour, context.outTerminal(), context.environment());
        TryToken command = new TryToken(context.out(), output == ValidateCommand.Output.JSON, colour);
        try {
            return command.run(prepared, pipeline, token);
        } catch (TryToken.NotThere e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private int refuse(Prepared prepared) {
        ProblemReport report = new ProblemReport(
                prepared.problems(),
                context.err(),
                Terminal.coloured(common.colour, context.errTerminal(), context.environment()));
        report.print(ProblemReport.MOST);
        context.err().println(report.counts());
        return ExitCode.CONFIG;
    }

    private String token(Where place) {
        TokenInput input = new TokenInput(context.in(), context.environment(), context.directory());
        try {
            return place.variable != null
                    ? input.fromVariable(place.variable)
                    : place.file == null || place.file.equals("-") ? input.fromStdin() : input.fromFile(place.file);
        } catch (TokenInput.NoToken e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String sentence) {
        if (spec == null) {
            throw new IllegalStateException("not called by the command line");
        }
        return new ParameterException(spec.commandLine(), sentence);
    }
}
