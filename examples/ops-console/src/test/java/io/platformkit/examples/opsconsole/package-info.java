@NullMarked
package io.platformkit.examples.opsconsole;

import org.jspecify.annotations.NullMarked;
