package dev.gatehouse.admin;

import java.util.List;

/**
 * Whether the gateway wants traffic. Authorization servers and services never decide it: without them the gateway still
 * answers better than a missing gateway would.
 *
 * @param ready configuration in force, listeners open, not stopping
 * @param state one word: starting, ready or stopping
 * @param details lines for people
 */
public record Readiness(boolean ready, String state, List<String> details) {
    public Readiness {
        details = List.copyOf(details);
    }
}
