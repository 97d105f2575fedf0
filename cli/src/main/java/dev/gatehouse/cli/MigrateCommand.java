package dev.gatehouse.cli;

import dev.gatehouse.cli.migrate.MigrationRun;
import dev.gatehouse.cli.run.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gateway migrate}. */
@Command(
        name = "migrate",
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Tell what becomes of an Express Gateway configuration.",
        description = {
            "Reads gateway.config.yml, system.config.yml and the models of a directory, builds everything without"
                    + " opening a port, and says what is safer, what differs, what is missing and what is ignored."
                    + " Changes nothing. Exit 0 when it runs unchanged, 5 when not, 3 when nothing can be read."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {"Example:", "  gateway migrate --from ./my-express-gateway/config"})
final class MigrateCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--from", paramLabel = "DIR", required = true, description = "Directory with gateway.config.yml.")
    Path from = Path.of("");

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "File with NAME=VALUE lines for $${NAME} in the configuration; repeatable."
                    + " Variables of the process win.")
    List<Path> envFiles = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json. Default: text.")
    ValidateCommand.Output output = ValidateCommand.Output.TEXT;

    @Option(
            names = "--write-report",
            paramLabel = "FILE",
            description = "Write the report to a file, too; its name ends in .md or .html.")
    @Nullable
    Path document;

    @Mixin
    CommonOptions common = new CommonOptions();

    MigrateCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Path target = document == null ? null : context.directory().resolve(document);
        if (target != null && spec != null && !target.toString().matches(".*\\.(md|html)")) {
            throw new ParameterException(
                    spec.commandLine(), "option '--write-report' takes a name that ends in .md or .html");
        }
        Map<String, String> variables;
        try {
            variables = EnvFile.overlay(envFiles, context.environment(), context.directory());
        } catch (IOException e) {
            context.err().println("gateway: the environment file " + e.getMessage() + " cannot be read");
            return ExitCode.CONFIG;
        } catch (EnvFile.Malformed e) {
            context.err().println("gateway: " + e.getMessage());
            return ExitCode.CONFIG;
        }
        Path directory = context.directory().resolve(from);
        return new MigrationRun(context.out(), context.err(), directory)
                .run(variables, output == ValidateCommand.Output.JSON, target);
    }
}
