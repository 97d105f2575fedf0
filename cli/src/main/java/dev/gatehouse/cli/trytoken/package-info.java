/**
 * {@code gateway try-token}: a real token, a real authorization server, no client.
 *
 * <p>Start at {@link dev.gatehouse.cli.trytoken.TryToken}. One thread, which waits for the answers of the servers. Whatever
 * is printed goes through {@link dev.gatehouse.cli.trytoken.Printable}, so that the token never is.
 */
@NullMarked
package dev.gatehouse.cli.trytoken;

import org.jspecify.annotations.NullMarked;
