/**
 * The gateway between a client and a server of the Model Context Protocol, both made with the official SDK. Start at
 * {@link dev.gatehouse.servers.mcp.McpIT}.
 */
@NullMarked
package dev.gatehouse.servers.mcp;

import org.jspecify.annotations.NullMarked;
