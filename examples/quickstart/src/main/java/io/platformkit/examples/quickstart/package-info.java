/**
 * The code of the README and the guides: one idea a file, each a {@code main} that a test runs.
 * {@link io.platformkit.examples.quickstart.Quickstart} is the first to read.
 */
@NullMarked
package io.platformkit.examples.quickstart;

import org.jspecify.annotations.NullMarked;
