package dev.gatehouse.config.bind;

/** How bad a problem is: an error stops the start or the reload, a warning does not. */
public enum Severity {
    ERROR,
    WARNING
}
