package dev.gatehouse.cli;

import dev.gatehouse.cli.run.Build;
import picocli.CommandLine.IVersionProvider;

/** The text of {@code --version}. */
final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Build build = Build.current();
        return new String[] {
            "gateway " + build.version(),
            "commit  " + build.commit(),
            "built   " + build.date(),
            "java    " + Build.java()
        };
    }
}
