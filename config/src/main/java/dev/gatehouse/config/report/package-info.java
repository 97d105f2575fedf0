/**
 * Shows problems to people and programs: the excerpt of the file with a caret under the mistake, or JSON.
 *
 * <p>Start at {@link dev.gatehouse.config.report.ProblemPrinter}. Any thread; secrets of the file are masked here.
 */
@NullMarked
package dev.gatehouse.config.report;

import org.jspecify.annotations.NullMarked;
