/** How the example servers read their command lines, start and stop. */
@NullMarked
package io.platformkit.examples.commandline;

import org.jspecify.annotations.NullMarked;
