package dev.gatehouse.servers.authorization;

import dev.gatehouse.servers.RunningProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a server as a process of this machine. */
final class ProgramLaunch implements Launch {
    private final String name;
    private final Path folder;
    private final Map<String, String> environment;
    private final List<String> command;
    private @Nullable RunningProgram program;

    ProgramLaunch(String name, Path folder, Map<String, String> environment, List<String> command) {
        this.name = name;
        this.folder = folder;
        this.environment = environment;
        this.command = command;
    }

    @Override
    public void start() {
        program = RunningProgram.start(name, folder, environment, command);
    }

    @Override
    public boolean isAlive() {
        return program != null && program.isAlive();
    }

    @Override
    public String output() {
        return program == null ? "" : program.output();
    }

    @Override
    public void kill() {
        if (program != null) {
            program.kill();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
