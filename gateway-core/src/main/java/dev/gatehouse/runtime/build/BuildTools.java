package dev.gatehouse.runtime.build;

import dev.gatehouse.client.HttpCaller;

/**
 * What building a snapshot needs and no configuration says.
 *
 * @param catalog the known policies and conditions
 * @param http makes calls to other servers once the gateway runs
 */
public record BuildTools(Catalog catalog, GatewayOptions options, HttpCaller http) {}
