package dev.gatehouse.server;

import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.route.RouteTable;
import dev.gatehouse.server.document.Documents;

/**
 * What a connection serves: an immutable view that a reload replaces as a whole. A request keeps the view it started
 * with.
 *
 * @param documents what is served before any route is looked for
 * @param traffic counts the requests that run on this view; the one mutable part
 */
public record Served(
        RouteTable<Pipeline> routes, Documents documents, LimitsConfig limits, CompatConfig compat, Traffic traffic) {}
