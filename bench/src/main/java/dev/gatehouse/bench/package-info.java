/**
 * Benchmarks of what every request pays for. Run {@code java -jar bench/target/benchmarks.jar -prof gc}.
 *
 * <p>Start at {@link dev.gatehouse.bench.CachedRequestBenchmark} and {@link dev.gatehouse.bench.RoutingBenchmark}.
 * Built with the Maven profile {@code bench} only.
 */
@NullMarked
package dev.gatehouse.bench;

import org.jspecify.annotations.NullMarked;
