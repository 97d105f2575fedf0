package dev.gatehouse.server.connection;

/** What the listener tells its connections. */
public enum ConnectionEvent {
    /** The gateway stops: finish what runs, close when idle. */
    DRAIN
}
