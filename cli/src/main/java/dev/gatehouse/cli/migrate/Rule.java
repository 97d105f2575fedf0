package dev.gatehouse.cli.migrate;

import java.util.function.Consumer;

/** Knows one thing that Express Gateway does otherwise, and where a configuration uses it. */
@FunctionalInterface
interface Rule {
    /** Reports every use; a rule that finds none says nothing. */
    void look(Subject subject, Consumer<Finding> found);
}
