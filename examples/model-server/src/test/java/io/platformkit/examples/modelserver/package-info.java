@NullMarked
package io.platformkit.examples.modelserver;

import org.jspecify.annotations.NullMarked;
