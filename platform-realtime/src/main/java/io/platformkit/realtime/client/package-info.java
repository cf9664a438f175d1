/** The client for browsers, {@code platform-kit.js}, and what serves it. */
@NullMarked
package io.platformkit.realtime.client;

import org.jspecify.annotations.NullMarked;
