package dev.gatehouse.servers.authorization;

import dev.gatehouse.servers.RunningProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a server as a process of this machine. */
record ProgramLaunch(String name, Path folder, Map<String, String> environment, List<String> command)
        implements Launch {
    @Override
    public Launched start() {
        RunningProgram program = RunningProgram.start(name, folder, environment, command);
        return new Launched() {
            @Override
            public boolean isAlive() {
                return program.isAlive();
            }

            @Override
            public String output() {
                return program.output();
            }

            @Override
            public void kill() {
                program.kill();
            }
        };
    }
}
