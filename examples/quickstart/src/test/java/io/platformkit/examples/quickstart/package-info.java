@NullMarked
package io.platformkit.examples.quickstart;

import org.jspecify.annotations.NullMarked;
