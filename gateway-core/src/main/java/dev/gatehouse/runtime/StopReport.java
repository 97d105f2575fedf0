package dev.gatehouse.runtime;

/**
 * How a stop went.
 *
 * @param finished requests that ended after the stop began
 * @param cut requests that were cut off by the deadline
 */
public record StopReport(long finished, long cut) {}
