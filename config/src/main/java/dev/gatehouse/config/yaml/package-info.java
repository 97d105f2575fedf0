/**
 * Turns the bytes of a configuration file into a tree of located nodes: variable substitution, YAML dialect, marks.
 *
 * <p>Start at {@link dev.gatehouse.config.yaml.Node}. Start-up thread only; nodes are immutable.
 */
@NullMarked
package dev.gatehouse.config.yaml;

import org.jspecify.annotations.NullMarked;
