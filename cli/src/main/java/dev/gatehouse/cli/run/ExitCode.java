package dev.gatehouse.cli.run;

/** What the process tells its caller; part of the public contract. */
public final class ExitCode {
    /** Done; for {@code run}: stopped after a complete drain. */
    public static final int OK = 0;
    /** A bug. */
    public static final int INTERNAL = 1;
    /** Wrong command line. */
    public static final int USAGE = 2;
    /** Configuration invalid or not found. */
    public static final int CONFIG = 3;
    /** Port in use, certificate unreadable, permission denied. */
    public static final int CANNOT_START = 4;
    /** The check ran and the answer is no. */
    public static final int ANSWER_IS_NO = 5;
    /** Stopped by the drain deadline, requests were cut off. */
    public static final int CUT_OFF = 143;

    private ExitCode() {}
}
