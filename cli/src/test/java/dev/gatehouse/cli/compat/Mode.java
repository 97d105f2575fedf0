package dev.gatehouse.cli.compat;

/** Which answers count as right where Express Gateway's own behaviour is a defect. */
enum Mode {
    /** Express Gateway's behaviour or the preferred one. */
    EITHER,
    /** Only what Express Gateway did; for the recorded original itself. */
    EXPRESS_GATEWAY,
    /** Only the preferred behaviour, wherever there is one. */
    PREFERRED
}
