package dev.gatehouse.route;

/**
 * A request target that is refused with 400.
 *
 * @param reason why, in a few words for the log; never quotes the target
 */
public record BadTarget(String reason) implements ParsedTarget {}
