package dev.gatehouse.cli;

import java.lang.reflect.InvocationTargetException;

/** First class of the jar. Compiled for Java 8, so that an old Java gets a sentence instead of a stack trace. */
public final class Launcher {
    private static final int NEEDED = 17;
    private static final int CANNOT_START = 4;

    private Launcher() {}

    /** Checks the Java version, then hands over to the command line. */
    public static void main(String[] args) throws ReflectiveOperationException {
        String version = System.getProperty("java.specification.version", "");
        if (feature(version) < NEEDED) {
            System.err.println("gateway: needs Java " + NEEDED + " or later, found " + version);
            System.exit(CANNOT_START);
        }
        try {
            Class.forName("dev.gatehouse.cli.Main").getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            System.err.println("gateway: " + e.getCause());
            System.exit(1);
        }
    }

    /** The number by which a Java version is known: 8 for 1.8, 17 for 17. */
    static int feature(String version) {
        String digits = version.startsWith("1.") ? version.substring(2) : version;
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
