package dev.gatehouse.cli.migrate;

import dev.gatehouse.cli.run.Counts;
import java.nio.file.Path;
import java.util.List;

/**
 * What becomes of a configuration.
 *
 * @param files gateway's and system's file, those that were read
 * @param models number of models beside them
 * @param settings single values of the gateway's file that do what they did
 * @param there policies in use that the product has
 * @param used policies in use
 * @param findings group by group, in file order
 */
record MigrationReport(List<Path> files, int models, long settings, long there, long used, List<Finding> findings) {
    MigrationReport {
        files = List.copyOf(files);
        findings = List.copyOf(findings);
    }

    long changes() {
        return findings.stream()
                .filter(finding -> finding.group().needsChange())
                .count();
    }

    String verdict() {
        return changes() == 0 ? "runs unchanged" : "runs after " + Counts.of(changes(), "change");
    }

    String read() {
        String names = String.join(
                ", ",
                files.stream().map(file -> String.valueOf(file.getFileName())).toList());
        return models == 0 ? names : names + ", " + Counts.of(models, "model");
    }

    String works() {
        return Counts.of(settings, "setting") + ", " + there + " of " + used
                + (used == 1 ? " policy in use" : " policies in use");
    }
}
