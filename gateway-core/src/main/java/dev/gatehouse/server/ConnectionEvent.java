package dev.gatehouse.server;

/** What the listener tells its connections. */
enum ConnectionEvent {
    /** The gateway stops: finish what runs, close when idle. */
    DRAIN
}
