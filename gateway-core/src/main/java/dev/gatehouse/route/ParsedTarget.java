package dev.gatehouse.route;

/** What the parser made of a request target: a {@link RequestTarget} or the {@link BadTarget} that answers 400. */
public sealed interface ParsedTarget permits RequestTarget, BadTarget {}
