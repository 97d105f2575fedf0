package dev.gatehouse.servers.authorization;

/** The program of a server and one way to run it. */
interface Launch extends AutoCloseable {
    /** Starts it, the first time or again after {@link #kill()}; does not wait until it answers. */
    void start();

    boolean isAlive();

    /** What it wrote, at least since the last start. */
    String output();

    /** Ends it and whatever it started, without asking, and waits for that. */
    void kill();

    /** Ends it, and removes what was only needed to run it. */
    @Override
    void close();
}
