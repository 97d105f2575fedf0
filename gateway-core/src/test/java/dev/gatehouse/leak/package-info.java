/** The leak check that runs around every test. */
@NullMarked
package dev.gatehouse.leak;

import org.jspecify.annotations.NullMarked;
