/**
 * Which TLS handshakes a listener may agree on, read from the options that Node's TLS server takes. Start at {@link
 * dev.gatehouse.config.tls.HandshakeReader}. Everything here runs on the thread that builds.
 */
@NullMarked
package dev.gatehouse.config.tls;

import org.jspecify.annotations.NullMarked;
