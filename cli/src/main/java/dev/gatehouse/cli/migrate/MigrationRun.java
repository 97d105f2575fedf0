package dev.gatehouse.cli.migrate;

import dev.gatehouse.cli.run.ExitCode;
import dev.gatehouse.cli.run.Json;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.report.ProblemPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code gateway migrate} does. */
public final class MigrationRun {
    private final PrintStream out;
    private final PrintStream err;
    private final Path from;

    /** @param from the directory to look at */
    public MigrationRun(PrintStream out, PrintStream err, Path from) {
        this.out = out;
        this.err = err;
        this.from = from;
    }

    /**
     * Looks, prints, writes; gives the exit code.
     *
     * @param json whether programs read the output
     * @param document where to write the report, its ending says how; null = nowhere
     */
    public int run(Map<String, String> environment, boolean json, @Nullable Path document) {
        try {
            Migration.Result result = Migration.of(from, environment);
            MigrationReport report = result.report();
            if (report == null) {
                return nothing(result);
            }
            if (json) {
                out.writeBytes(Json.bytes(ReportData.of(report)));
                out.println();
            } else {
                ReportText.lines(report).forEach(out::println);
            }
            if (document != null) {
                write(report, document);
            }
            return report.changes() == 0 ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
        } catch (IOException e) {
            err.println("gateway: " + e.getMessage() + " cannot be read or written");
            return ExitCode.CONFIG;
        }
    }

    private int nothing(Migration.Result result) {
        if (result.problems().all().isEmpty()) {
            err.println("gateway: there is no gateway.config.yml in '" + from + "'");
            err.println("hint: name the folder 'config' of your Express Gateway with '--from DIR'.");
        }
        for (Problem problem : ProblemPrinter.inFileOrder(result.problems())) {
            err.println(ProblemPrinter.text(problem));
        }
        return ExitCode.CONFIG;
    }

    private static void write(MigrationReport report, Path document) throws IOException {
        ReportDocument text = new ReportDocument(report);
        String content = document.toString().endsWith(".html") ? text.html() : text.markdown();
        Files.writeString(document, content, StandardCharsets.UTF_8);
    }
}
