/**
 * Rules about the code of every module, run by the {@code ArchitectureTest} of each.
 *
 * <p>Start at {@link dev.gatehouse.architecture.CodeRules}; {@code CodeRulesTest} shows that each of them can fail.
 */
@NullMarked
package dev.gatehouse.architecture;

import org.jspecify.annotations.NullMarked;
