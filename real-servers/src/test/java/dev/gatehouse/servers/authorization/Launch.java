package dev.gatehouse.servers.authorization;

/** One way to run the program of a server; each call starts it anew. */
@FunctionalInterface
interface Launch {
    Launched start();

    /** A program on its way or running. */
    interface Launched {
        boolean isAlive();

        /** All that it wrote so far. */
        String output();

        /** Ends it and whatever it started, without asking, and waits for that. */
        void kill();
    }
}
