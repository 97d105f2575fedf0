package dev.gatehouse.config.yaml;

/**
 * A place in a file as written. Lines and columns count from 1, columns in characters; the end is exclusive.
 *
 * @param source the file
 * @param line first line
 * @param column first column
 * @param endLine line of the end
 * @param endColumn column behind the last character
 */
public record Span(Source source, int line, int column, int endLine, int endColumn) {}
