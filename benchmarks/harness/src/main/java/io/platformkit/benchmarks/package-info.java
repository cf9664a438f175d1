/**
 * The duel: our code beside a peer's, in one process, A B A B, reported as a table and as JSON
 * lines.
 */
@NullMarked
package io.platformkit.benchmarks;

import org.jspecify.annotations.NullMarked;
